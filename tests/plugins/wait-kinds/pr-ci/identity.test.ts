// needs: gh
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import prCi from "../../../../plugins/wait-kinds/pr-ci.ts";
import { systemClock } from "../../../../src/base/clock.ts";
import { resolveRepo } from "../../../../src/cli/program/repo.ts";
import { createGitHub } from "../../../../src/github/client.ts";
import type { PluginContext, WaitRequest } from "../../../../src/plugin.ts";
import { makePluginContext } from "../../../../src/plugins-host/context.ts";
import { run } from "../../../../src/process/exec.ts";
import { type GitHub, type Repo, startGitHub } from "../../../servers/github/mod.ts";
import { scratch } from "../looks.ts";

let github: GitHub;
let app: Repo;
let clone: string;
let env: Record<string, string | undefined>;

const git = (...args: string[]) => execFileSync("git", ["-C", clone, ...args], { encoding: "utf8" }).trim();

beforeEach(async () => {
  github = await startGitHub();
  app = github.world.repo("octo/app");
  env = { ...process.env, ...github.env };
  clone = join(scratch(), "clone");
  mkdirSync(clone);
  git("init", "--quiet", "--initial-branch=main");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "--message", "one");
  git("checkout", "--quiet", "-b", "feature");
});
afterEach(() => github.stop());

const head = () => git("rev-parse", "HEAD");

function context(repo: string | null): PluginContext {
  const client = createGitHub({ exec: run, env, clock: systemClock });
  return makePluginContext({ plugin: "pr-ci", home: scratch(), env, cwd: clone, github: client, repo });
}

/** The pin of a request, in the repository that the clone's remotes name unless one is given. */
async function pin(request: Partial<WaitRequest> = {}, named?: string) {
  const repo = named ?? (await resolveRepo(undefined, { env, cwd: clone, exec: run, warn: () => {} }));
  return prCi.pin({ ref: null, argv: [], options: {}, network: true, ...request }, context(repo));
}

describe("a branch of the repository itself", () => {
  beforeEach(() => {
    git("remote", "add", "origin", "https://github.com/octo/app.git");
  });

  test("has no pull request because a stranger's fork has one of that name", async () => {
    app.pull(7, { branch: "feature", fork: "stranger", head: head() });
    expect(await pin()).toMatchObject({ complete: false, pr: null, appear: { outcome: "no_pr" } });
    app.pull(8, { branch: "feature" });
    expect(await pin()).toMatchObject({ complete: true, pr: 8 });
  });

  test("is not overlooked behind a hundred strangers' branches of that name", async () => {
    app.pull(1, { branch: "feature" });
    for (let number = 2; number < 130; number += 1) app.pull(number, { branch: "feature", fork: `stranger-${number}` });
    expect(await pin()).toMatchObject({ pr: 1 });
  });

  test("with two pull requests means the one to the default branch", async () => {
    app.pull(1, { branch: "feature", base: "main" });
    app.push("release", "release");
    app.pull(2, { branch: "feature", base: "release" });
    expect(await pin()).toMatchObject({ pr: 1 });
  });

  test("with two pull requests to other branches names both and is refused", async () => {
    for (const base of ["release", "next"]) app.push(base, base);
    app.pull(1, { branch: "feature", base: "release" });
    app.pull(2, { branch: "feature", base: "next" });
    await expect(pin()).rejects.toMatchObject({
      name: "RefError",
      message: /#2 \(to "next"\) and #1 \(to "release"\)/,
    });
  });

  test("called like another repository's pull request is a branch where it exists", async () => {
    app.pull(5, { branch: "fix/login#123" });
    expect(await pin({ ref: "fix/login#123" })).toMatchObject({ repo: "octo/app", pr: 5 });
    github.world.repo("fix/logout").pull(123);
    expect(await pin({ ref: "fix/logout#123" })).toMatchObject({ repo: "fix/logout", pr: 123 });
  });

  test("of which GitHub does not say now whether it is there is not denied, and no other repository's number", async () => {
    app.push("later", "later");
    github.world.repo("fix/logout").pull(123);
    github.world.hole({ field: "Repository.ref", what: "RESOURCE_LIMITS_EXCEEDED" });
    for (const ref of ["later", "fix/logout#123"])
      await expect(pin({ ref })).rejects.toMatchObject({ problem: "partial" });
  });
});

describe("a branch of my fork", () => {
  beforeEach(() => {
    app.fork("me");
    git("remote", "add", "origin", "https://github.com/me/app.git");
  });

  test("has the pull request of that fork in the parent, not the parent's own branch of that name", async () => {
    app.pull(50, { branch: "feature" });
    app.pull(42, { branch: "feature", fork: "me", head: head() });
    app.pull(43, { branch: "feature", fork: "other" });
    expect(await pin()).toMatchObject({
      repo: "octo/app",
      pr: 42,
      aliases: expect.arrayContaining(["me/app#branch:feature"]),
    });
  });

  test("is known by the remote that git pushes it to, whatever else is configured", async () => {
    git("remote", "add", "upstream", "git@github.com:octo/app.git");
    git("config", "remote.upstream.gh-resolved", "base");
    git("config", "branch.feature.remote", "upstream");
    git("config", "branch.feature.pushRemote", "origin");
    app.pull(50, { branch: "feature" });
    app.pull(42, { branch: "feature", fork: "me" });
    expect(await pin()).toMatchObject({ repo: "octo/app", pr: 42 });
    git("config", "branch.feature.pushRemote", "upstream");
    expect(await pin()).toMatchObject({ repo: "octo/app", pr: 50 });
  });

  test("is found for a push before gh was told of the parent, and after", async () => {
    app.pull(42, { branch: "feature", fork: "me", head: head() });
    const pushed = { sha: head(), branch: "feature", at: Date.now(), repo: "me/app", base: null };
    const early = await prCi.pin({ ref: null, argv: [], options: {}, network: false, pushed }, context("me/app"));
    expect(early).toMatchObject({ key: "me/app#branch:feature", complete: false });
    const bound = await prCi.pin(
      { ref: null, argv: [], options: {}, network: true },
      { ...context("me/app"), previous: early },
    );
    expect(bound).toMatchObject({ repo: "octo/app", pr: 42, aliases: expect.arrayContaining([early.key]) });
  });

  test("can be named by its owner", async () => {
    app.pull(50, { branch: "feature" });
    app.pull(42, { branch: "feature", fork: "me" });
    expect(await pin({ ref: "me:feature" }, "octo/app")).toMatchObject({ pr: 42 });
    expect(await pin({ ref: "octo:feature" }, "octo/app")).toMatchObject({ pr: 50 });
  });

  test("that gh checked out is the pull request that git names", async () => {
    git("config", "branch.feature.remote", "https://github.com/octo/app.git");
    git("config", "branch.feature.merge", "refs/pull/43/head");
    app.pull(43, { branch: "theirs", fork: "other" });
    expect(await pin({}, "octo/app")).toMatchObject({ pr: 43 });
  });
});

describe("a host", () => {
  test("is asked for its own repository, whatever github.com has of that name", async () => {
    env = {
      ...env,
      ...github.logIn(
        { host: "github.com", user: "octocat", token: "a" },
        { host: "ghe.example", user: "me", token: "b" },
      ),
    };
    app.pull(42, { title: "of github.com" });
    github.world.host("ghe.example").repo("octo/app").pull(42, { title: "of the server" });
    git("remote", "add", "origin", "git@ghe.example:octo/app.git");
    expect(await pin({ ref: "42" })).toMatchObject({ repo: "ghe.example/octo/app", title: "of the server" });
    expect(await pin({ ref: "https://github.com/octo/app/pull/42" })).toMatchObject({ title: "of github.com" });
  });

  test("that gh has no login for is named, and never asked", async () => {
    app.pull(42, { branch: "feature" });
    git("remote", "add", "origin", "https://gitlab.com/octo/app.git");
    await expect(pin()).rejects.toMatchObject({ name: "RefError", message: /"gitlab\.com"/ });
    await expect(pin({ network: false })).rejects.toMatchObject({ name: "RefError" });
    expect(github.seen).toEqual([]);
  });
});
