import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { claude } from "../../../src/harness/clients/claude.ts";
import { Fields } from "../../../src/harness/fields.ts";
import { hookContext } from "../../../src/hooks/context.ts";
import { findPushes, type PushHint } from "../../../src/hooks/pushes/find-pushes.ts";
import { PushLab } from "./push-scenarios.ts";

let root: string;
let lab: PushLab;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "p9-find-")));
  lab = new PushLab(root);
  // What was pushed to set the lab up is old news.
  rmSync(join(lab.work, ".git/logs/refs/remotes/origin/main"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A session that looks for pushes from a folder. */
function session(id: string, cwd = lab.work, later = 0) {
  const env = { PATH: process.env.PATH, HOME: lab.home, BROOMVA_P9_HOME: join(root, "p9") };
  const call = claude.read("PostToolUse", new Fields({ session_id: id, cwd }), env);
  const clock = { ...systemClock, now: () => Date.now() + later };
  const context = hookContext(call, claude, { env, clock });
  const look = async (hint: PushHint = { durationMs: 5_000 }) =>
    (await findPushes(context, hint)).map((item) =>
      "push" in item ? `${item.push.repo} ${item.push.branch}` : item.created.url,
    );
  return { look, trace: context.folder.trace };
}

test("without a trace a push is found in the reflogs, once", async () => {
  lab.git(["push", "-q"]);
  const one = session("one");
  expect(await one.look()).toEqual(["octo/app feature"]);
  expect(await one.look()).toEqual([]);
});

test("without a trace a push is found though the first hook of the session begins late", async () => {
  lab.git(["push", "-q"]);
  const command = "git push";
  expect(await session("one", lab.work, 60_000).look({ command, durationMs: 50 })).toEqual([]);
  expect(await session("two", lab.work, 4_000).look({ command, durationMs: 50 })).toEqual(["octo/app feature"]);
});

test("without a trace a push is one session's, though both look in the same clone", async () => {
  lab.git(["push", "-q"]);
  expect(await session("one").look()).toEqual(["octo/app feature"]);
  expect(await session("two").look()).toEqual([]);
});

test("without a trace what another working tree pushed is not this one's", async () => {
  lab.git(["worktree", "add", "-q", "-b", "side", join(root, "side")]);
  lab.commit("Side", join(root, "side"));
  lab.git(["push", "-q"], join(root, "side"));
  expect(await session("one").look()).toEqual([]);
  expect(await session("two", join(root, "side")).look()).toEqual(["octo/app side"]);
});

test("without a trace a fetch, a tag and a deleted branch are no pushes", async () => {
  lab.git(["push", "-q", "origin", "HEAD:gone"]);
  const one = session("one");
  await one.look();
  lab.git(["push", "-q", "origin", ":gone"]);
  lab.git(["tag", "v1"]);
  lab.git(["push", "-q", "--tags"]);
  lab.git(["fetch", "-q"]);
  expect(await one.look()).toEqual([]);
});

test("with a trace the reflogs are not asked, unless the client saw a push that the trace has not", async () => {
  const one = session("one");
  mkdirSync(one.trace, { recursive: true });
  lab.git(["push", "-q"]);
  expect(await one.look()).toEqual([]);
  expect(await one.look({ pushedBranch: "feature", durationMs: 5_000 })).toEqual(["octo/app feature"]);
});

test("a trace that overflowed sends the question to the reflogs", async () => {
  const one = session("one");
  mkdirSync(one.trace, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: lab.home, GIT_TRACE2_EVENT: one.trace, GIT_TRACE2_MAX_FILES: "2" };
  execFileSync("sh", ["-c", "git status; git status; git status; git push"], { cwd: lab.work, env, stdio: "pipe" });
  expect(await one.look()).toEqual(["octo/app feature"]);
});

test("what a traced push claimed is not found again by a session without a trace", async () => {
  const one = session("one");
  mkdirSync(one.trace, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: lab.home, GIT_TRACE2_EVENT: one.trace };
  execFileSync("git", ["push", "-q"], { cwd: lab.work, env, stdio: "pipe" });
  expect(await one.look()).toEqual(["octo/app feature"]);
  expect(await session("two").look()).toEqual([]);
});
