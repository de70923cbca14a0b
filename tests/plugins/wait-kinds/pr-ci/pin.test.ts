// needs: gh
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import prCi from "../../../../plugins/wait-kinds/pr-ci.ts";
import { parseRef } from "../../../../plugins/wait-kinds/pull-request/ref.ts";
import { systemClock } from "../../../../src/base/clock.ts";
import { waitKindChecks } from "../../../../src/conformance/wait-kind.ts";
import { createGitHub } from "../../../../src/github/client.ts";
import type { Pin, PluginContext, WaitRequest } from "../../../../src/plugin.ts";
import { makePluginContext } from "../../../../src/plugins-host/context.ts";
import { run } from "../../../../src/process/exec.ts";
import { followGit, type GitHub, type Repo, startGitHub } from "../../../servers/github/mod.ts";
import { scratch } from "../looks.ts";

let github: GitHub;
let repo: Repo;
let folder: string;
beforeEach(async () => {
  github = await startGitHub();
  repo = github.world.repo("octo/app");
  folder = scratch();
});
afterEach(() => github.stop());

function context(cwd = folder, name: string | null = "octo/app"): PluginContext {
  const env = { ...process.env, ...github.env };
  const client = createGitHub({ exec: run, env, clock: systemClock });
  return makePluginContext({ plugin: "pr-ci", home: folder, env, cwd, github: client, repo: name });
}

const pin = (request: Partial<WaitRequest>, base: PluginContext = context(), previous?: Pin) =>
  prCi.pin({ ref: null, argv: [], options: {}, network: true, ...request }, { ...base, previous });

describe("a reference", () => {
  test.each([
    ["42", { number: 42, repo: null }],
    ["#42", { number: 42, repo: null }],
    ["o/r#42", { number: 42, repo: "o/r" }],
    ["https://github.com/o/r/pull/42", { number: 42, repo: "o/r" }],
    ["https://ghe.example/o/r/pull/42/files?w=1#diff", { number: 42, repo: "ghe.example/o/r" }],
    ["ghe.example/o/r#42", { number: 42, repo: "ghe.example/o/r" }],
    ["me:feature/x", { branch: "feature/x", owner: "me", repo: null }],
    ["feature/x", { branch: "feature/x", owner: null, repo: null }],
    ["42-fix", { branch: "42-fix", owner: null, repo: null }],
  ])("%s is read", (text, wanted) => {
    expect(parseRef(text)).toEqual(wanted);
  });

  test.each([
    "",
    "0",
    "#0",
    "-1",
    "a b",
    "a..b",
    "/x",
    "x/",
    "x.lock",
    "what?",
    "99999999999",
    "a\u0000b",
    "https://github.com/o/r/issues/42",
  ])("%j means nothing", (text) => {
    expect(() => parseRef(text)).toThrow(/wanted the number or URL of a pull request, or a branch/);
  });
});

describe("a pin", () => {
  test("is the full sha of the head, and one key for every spelling", async () => {
    const { head } = repo.pull(42, { title: "Fix \u001b[31mit\u001b[0m" });
    const pins = await Promise.all(
      ["42", "#42", "Octo/App#42", "https://github.com/octo/app/pull/42", "feature-42"].map((ref) => pin({ ref })),
    );
    expect(new Set(pins.map((one) => one.key))).toEqual(new Set(["octo/app#42"]));
    expect(pins[0]).toMatchObject({ ref: "#42", pr: 42, sha: head.sha, complete: true });
    expect(pins[0]?.title).not.toContain("\u001b");
  });

  test("of a URL is of the URL's repository, whatever the directory's is", async () => {
    github.world.repo("other/place").pull(7);
    expect(await pin({ ref: "https://github.com/other/place/pull/7" })).toMatchObject({ repo: "other/place", pr: 7 });
  });

  test("needs a repository", async () => {
    await expect(pin({ ref: "42" }, context(folder, null))).rejects.toMatchObject({
      name: "RefError",
      message: /--repo/,
    });
  });

  test("without the network keeps what is known, and is completed later", async () => {
    const first = await pin({ network: false, pushed: { sha: "a".repeat(40), branch: "topic", at: Date.now() } });
    expect(first).toMatchObject({ complete: false, key: "octo/app#branch:topic", sha: "a".repeat(40), pr: null });
    expect(await pin({}, context(), first)).toMatchObject({
      complete: false,
      appear: { outcome: "no_pr", withinS: 900 },
    });
    const pull = repo.pull(42, { branch: "topic", head: "a".repeat(40) });
    const bound = await pin({}, context(), first);
    expect(bound).toMatchObject({
      complete: true,
      pr: 42,
      sha: pull.head.sha,
      aliases: expect.arrayContaining(["octo/app#branch:topic"]),
    });
  });

  test("of a branch takes the pull request of this repository before a fork's", async () => {
    repo.pull(1, { branch: "topic" });
    repo.pull(2, { branch: "topic", fork: "stranger" });
    expect((await pin({ ref: "topic" })).pr).toBe(1);
  });

  test("of a closed pull request is a pin: the look says how it ended", async () => {
    repo.pull(42).close();
    expect(await pin({ ref: "42" })).toMatchObject({ pr: 42, complete: true });
  });
});

describe("in a clone", () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync("git", ["-C", cwd, ...args], { encoding: "utf8" }).trim();
  let clone: string;
  let bare: string;

  beforeEach(() => {
    bare = join(folder, "octo", "app.git");
    clone = join(folder, "clone");
    mkdirSync(bare, { recursive: true });
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
    execFileSync("git", ["init", "--quiet", "--initial-branch=main", clone]);
    git(clone, "config", "user.email", "a@example.com");
    git(clone, "config", "user.name", "A");
    git(clone, "remote", "add", "origin", `ssh://git@github.com/octo/app.git`);
    git(clone, "config", `url.${bare}.insteadOf`, "ssh://git@github.com/octo/app.git");
    commit("base");
    git(clone, "push", "--quiet", "origin", "main");
    git(clone, "checkout", "--quiet", "-b", "topic");
  });

  function commit(text: string): string {
    writeFileSync(join(clone, "file"), text);
    git(clone, "add", "file");
    git(clone, "commit", "--quiet", "--message", text);
    return git(clone, "rev-parse", "HEAD");
  }

  /** Opens a pull request for what is pushed, and shows later pushes only after a minute. */
  async function openLagging(): Promise<string> {
    const first = commit("first");
    git(clone, "push", "--quiet", "origin", "topic");
    const pull = repo.pull(42, { branch: "topic", head: first });
    followGit(repo, bare, () => {});
    await pin({ ref: "42" }, context(clone));
    pull.lag = 60;
    return first;
  }

  test("the checked-out branch says which pull request", async () => {
    const sha = await openLagging();
    expect(await pin({}, context(clone))).toMatchObject({ pr: 42, sha });
  });

  test("a push from here is pinned while GitHub still shows the earlier head", async () => {
    const first = await openLagging();
    const second = commit("second");
    git(clone, "push", "--quiet", "origin", "topic");
    expect(await pin({}, context(clone))).toMatchObject({
      sha: second,
      prev_shas: [first],
      note: /GitHub still shows/,
    });
  });

  test("so is a force push, which is no descendant of the shown head", async () => {
    const first = await openLagging();
    git(clone, "commit", "--quiet", "--amend", "--message", "amended");
    git(clone, "push", "--quiet", "--force", "origin", "topic");
    const amended = git(clone, "rev-parse", "HEAD");
    expect(await pin({}, context(clone))).toMatchObject({ sha: amended, prev_shas: [first] });
  });

  test("somebody else's later push is newer than this clone's", async () => {
    await openLagging();
    const second = commit("second");
    git(clone, "push", "--quiet", "origin", "topic");
    const other = join(folder, "other");
    execFileSync("git", ["clone", "--quiet", "--branch", "topic", bare, other]);
    git(
      other,
      "-c",
      "user.email=b@example.com",
      "-c",
      "user.name=B",
      "commit",
      "--quiet",
      "--allow-empty",
      "--message",
      "theirs",
    );
    git(other, "push", "--quiet", "origin", "topic");
    repo.pull(42).lag = 0;
    expect((await pin({}, context(clone))).sha).toBe(git(other, "rev-parse", "HEAD"));
    expect(second).not.toBe(git(other, "rev-parse", "HEAD"));
  });

  test("what was committed and not pushed is nobody's head", async () => {
    const first = await openLagging();
    commit("not pushed");
    expect((await pin({}, context(clone))).sha).toBe(first);
  });

  test("outside a branch there is nothing to tell the pull request by", async () => {
    git(clone, "checkout", "--quiet", "--detach");
    await expect(pin({}, context(clone))).rejects.toMatchObject({
      name: "RefError",
      message: /no branch is checked out/,
    });
  });
});

describe("conformance", () => {
  const request: WaitRequest = { ref: "42", argv: [], options: { "fail-fast": true }, network: true };
  const subject = () => {
    repo.pull(42).head.checks("build");
    return { kind: prCi, request, context: () => context() };
  };
  for (const { name } of waitKindChecks({ kind: prCi, request: null, context: () => context() })) {
    test(name, async () => {
      await waitKindChecks(subject())
        .find((check) => check.name === name)
        ?.run();
    });
  }
});
