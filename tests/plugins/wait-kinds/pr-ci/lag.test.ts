// needs: gh
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import prCi from "../../../../plugins/wait-kinds/pr-ci.ts";
import { makePluginContext } from "../../../../src/plugins-host/context.ts";
import { prLab } from "../../../cli/pr-lab.ts";
import { eventually } from "../../../helpers/p9.ts";
import type { Pull } from "../../../servers/github/pull.ts";
import type { Repo } from "../../../servers/github/repo.ts";
import { scratch } from "../looks.ts";
import { type Bench, bench, depsOf } from "./watch.ts";

let one: Bench;
let repo: Repo;
let pull: Pull;
let clone: string;
let first: string;

const git = (...args: string[]) =>
  execFileSync("git", ["-C", clone, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" }).trim();
const commit = (message: string, ...more: string[]) => {
  git("commit", "--quiet", "--allow-empty", "--message", message, ...more);
  return git("rev-parse", "HEAD");
};
const tracking = (sha: string, remote = "origin") =>
  git("update-ref", "--create-reflog", "-m", "update by push", `refs/remotes/${remote}/feature`, sha);

/** What GitHub has after a push: the commit, and its checks, which fail. */
const pushed = (sha: string, options: { force?: boolean; lag?: number } = {}) =>
  pull.push(sha, options).checks({ name: "build", appears: 5, ends: 60, conclusion: "FAILURE" });

beforeEach(async () => {
  one = await bench();
  repo = one.world.repo("octo/app");
  clone = join(scratch(), "clone");
  mkdirSync(clone);
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", "https://github.com/octo/app.git");
  repo.commit(commit("base"));
  git("checkout", "--quiet", "-b", "feature");
  first = commit("first");
  pull = repo.pull(42, { branch: "feature", head: first });
  pull.head.checks("build");
  one.clock.advance(600);
});
afterEach(() => one.stop());

const GREEN_FIRST = () => ({ outcome: "succeeded", sha: first });

describe("a clone without a tracking ref (one branch, a fork, an address)", () => {
  test.each([null, "42", "feature"])("waits for what is checked out and was pushed, named as %j", async (ref) => {
    const second = commit("second");
    pushed(second, { lag: 15 });
    const end = await one.watch({ ref, cwd: clone });
    expect(end).toMatchObject({ outcome: "failed", sha: second });
    expect(end.looks.some((look) => look.moved)).toBe(false);
  });

  test("also after an amended commit was pushed by force", async () => {
    const amended = commit("amended", "--amend");
    pushed(amended, { force: true, lag: 15 });
    expect(await one.watch({ ref: null, cwd: clone })).toMatchObject({ outcome: "failed", sha: amended });
  });

  test("and when GitHub has the commit only as late as it shows it", async () => {
    const second = commit("second");
    one.world.at(620, () => pushed(second));
    expect(await one.watch({ ref: null, cwd: clone })).toMatchObject({ outcome: "failed", sha: second });
  });

  test("what was not pushed is waited for within a minute, then the verdict says that HEAD is another commit", async () => {
    const second = commit("not pushed");
    const end = await one.watch({ ref: null, cwd: clone });
    expect(end).toMatchObject(GREEN_FIRST());
    expect(end.at).toBeGreaterThanOrEqual(660);
    expect(end.at).toBeLessThan(720);
    expect(end.reason).toContain(`HEAD here, ${second.slice(0, 7)}, is not what GitHub shows`);
    expect(end.notes.join()).toMatch(/HEAD here is \w{7}, which GitHub does not show/);
  });

  test("a later head is not told to be another one than HEAD", async () => {
    commit("not pushed");
    one.world.at(700, () => pull.push("theirs").checks({ name: "build", ends: 20, conclusion: "FAILURE" }));
    pull.head.checks({ name: "slow", appears: 0, ends: 900 });
    const end = await one.watch({ ref: null, cwd: clone });
    expect(end.outcome).toBe("failed");
    expect(end.reason).not.toContain("HEAD here");
  });

  test("HEAD that is older than what GitHub shows is no news", async () => {
    pull.push("theirs").checks("build");
    one.clock.advance(60);
    const end = await one.watch({ ref: null, cwd: clone });
    expect(end).toMatchObject({ outcome: "succeeded", reason: "The check passed" });
    expect(end.at).toBeLessThan(700);
  });

  test("a checkout of something else that has a branch of that name tells nothing", async () => {
    git("remote", "set-url", "origin", "https://github.com/else/where.git");
    git("checkout", "--quiet", "--orphan", "other");
    commit("unrelated");
    git("branch", "--quiet", "--move", "--force", "other", "feature");
    expect(await one.watch({ ref: "42", cwd: clone })).toMatchObject({
      ...GREEN_FIRST(),
      reason: "The check passed",
    });
  });

  test("a push to a fork by its address is one, although the clone is of the parent", async () => {
    const fork = repo.pull(43, { branch: "feature", head: first, fork: "me" });
    fork.head.checks("build");
    one.clock.advance(60);
    const second = commit("second");
    fork.push(second, { lag: 15 }).checks({ name: "build", ends: 30, conclusion: "FAILURE" });
    expect(await one.watch({ ref: "43", cwd: clone })).toMatchObject({ outcome: "failed", sha: second });
  });
});

describe("a tracking ref", () => {
  beforeEach(() => tracking(first));

  test("that a push moved just now is believed", async () => {
    const second = commit("second");
    tracking(second);
    pushed(second, { lag: 20 });
    expect(await one.watch({ ref: null, cwd: clone })).toMatchObject({ outcome: "failed", sha: second });
  });

  test("that a fetch moved just now is believed too: the commit was at the remote", async () => {
    const second = commit("second");
    git("update-ref", "--create-reflog", "-m", "fetch: fast-forward", "refs/remotes/origin/feature", second);
    git("reset", "--quiet", "--hard", first);
    pushed(second, { lag: 20 });
    expect(await one.watch({ ref: null, cwd: clone })).toMatchObject({ outcome: "failed", sha: second });
  });

  test("that another tool wrote, without a line in the reflog, is believed too", async () => {
    const second = commit("second");
    writeFileSync(join(clone, ".git/refs/remotes/origin/feature"), `${second}\n`);
    pushed(second, { lag: 20 });
    expect(await one.watch({ ref: "42", cwd: clone })).toMatchObject({ outcome: "failed", sha: second });
  });

  test("of the fork that the pull request comes from counts, whatever repository it goes to", async () => {
    git("remote", "set-url", "origin", "https://github.com/me/app.git");
    git("remote", "add", "upstream", "https://github.com/octo/app.git");
    const fork = repo.pull(43, { branch: "feature", head: first, fork: "me" });
    fork.head.checks("build");
    one.clock.advance(60);
    const second = commit("second");
    tracking(second);
    fork.push(second, { lag: 20 }).checks({ name: "build", ends: 30, conclusion: "FAILURE" });
    expect(await one.watch({ ref: "43", cwd: clone })).toMatchObject({ outcome: "failed", sha: second });
  });

  test("of an hour ago is no evidence against what somebody forced over it", async () => {
    const mine = commit("mine");
    repo.commit(mine, { parents: [first] });
    tracking(mine);
    one.clock.advance((Date.now() - one.clock.now()) / 1000 + 3600);
    pull.push("theirs", { force: true }).checks("build");
    one.clock.advance(60);
    const end = await one.watch({ ref: "42", cwd: clone });
    expect(end).toMatchObject({ outcome: "succeeded", sha: pull.head.sha, reason: "The check passed" });
    expect(end.looks.some((look) => look.moved)).toBe(false);
  });

  test("that stands where GitHub does says that the commits beyond it were not pushed", async () => {
    commit("not pushed");
    const end = await one.watch({ ref: null, cwd: clone });
    expect(end).toMatchObject({ ...GREEN_FIRST(), reason: "The check passed" });
    expect(end.at).toBeLessThan(610);
  });

  test("that a push by address passed by is not needed: GitHub has what is checked out here", async () => {
    const second = commit("second");
    pushed(second, { lag: 15 });
    expect(await one.watch({ ref: null, cwd: clone })).toMatchObject({ outcome: "failed", sha: second });
  });
});

describe("a pull request that was just made", () => {
  /** Pins a number as a hook does, and again as the engine does, until it has a pull request. */
  async function pinLater(number: string) {
    const deps = depsOf(one, {});
    const { env, exec, clock } = deps;
    const base = { plugin: "pr-ci", home: one.home, env, exec, clock, cwd: clone, repo: "octo/app" };
    const context = makePluginContext({ ...base, github: await deps.github() });
    const request = { ref: number, argv: [], options: {} };
    const previous = await prCi.pin({ ...request, network: false }, context);
    return () => prCi.pin({ ...request, network: true }, { ...context, previous });
  }

  test("is waited for as long as GitHub's replicas do not know it", async () => {
    repo.pull(77, { branch: "new", appears: 20 });
    const again = await pinLater("77");
    expect(await again()).toMatchObject({ complete: false, note: "No pull request #77 in octo/app yet" });
    one.clock.advance(20);
    expect(await again()).toMatchObject({ complete: true, pr: 77 });
  });

  test("and never comes ends as no_pr, not as a reference that means nothing", async () => {
    const again = await pinLater("77");
    expect(await again()).toMatchObject({ complete: false, appear: { withinS: 900, outcome: "no_pr" } });
  });

  test("is waited for from the command line too when something of the branch was just pushed", async () => {
    tracking(first);
    repo.pull(77, { branch: "new", appears: 20 }).head.checks("build");
    expect(await one.watch({ ref: "77", cwd: clone })).toMatchObject({ outcome: "succeeded" });
    await expect(one.watch({ ref: "78", cwd: scratch() })).rejects.toMatchObject({ name: "RefError" });
  });

  test("and that a replica does not know again for a while is looked at further", async () => {
    repo.pull(77, { branch: "new" }).head.checks({ name: "build", ends: 60 });
    one.world.at(610, () => {
      repo.pull(77).appears = 40;
    });
    const end = await one.watch({ ref: "77" });
    expect(end.outcome).toBe("succeeded");
    expect(end.errors.length).toBeGreaterThan(1);
    expect(end.errors.some((error) => error.lasting)).toBe(false);
  });
});

describe("through the hooks of the built p9", () => {
  test("what gh pr create made a moment ago is watched when GitHub's replicas know it", async () => {
    const { github, box, env, repo: app, policy } = await prLab();
    onTestFinished(() => github.stop());
    policy();
    app.pull(77, { branch: "new", appears: 6 }).head.checks("build");
    const pr = { number: 77, url: "https://github.com/octo/app/pull/77", action: "created" };
    const input = { session_id: "s1", cwd: box.work, tool_name: "Bash", tool_response: { gitOperation: { pr } } };
    const { code } = await box.p9(["hook", "PostToolUse"], { env, input: JSON.stringify(input) });
    expect(code).toBe(0);
    const ended = () =>
      box
        .events()
        .find((event) => event.type === "transition" && !["PUSHED", "WATCHING"].includes(String(event.to_state)));
    await eventually("it has a verdict", () => ended() !== undefined, 25_000);
    expect(ended()).toMatchObject({ to_state: "GREEN", pr: 77 });
  });
});
