// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseRun } from "../../../../plugins/wait-kinds/build/actions-run.ts";
import build from "../../../../plugins/wait-kinds/build.ts";
import { createGitHub } from "../../../../src/github/client.ts";
import type { LookResult, Pin, PluginContext } from "../../../../src/plugin.ts";
import { makePluginContext } from "../../../../src/plugins-host/context.ts";
import { run } from "../../../../src/process/exec.ts";
import type { Commit } from "../../../servers/github/commit.ts";
import { type GitHub, type ManualClock, manualClock, notStarted, startGitHub } from "../../../servers/github/mod.ts";
import { lookContextOf, scratch } from "../looks.ts";

let github: GitHub;
let clock: ManualClock;
let commit: Commit;
let context: PluginContext;

beforeEach(async () => {
  clock = manualClock();
  github = await startGitHub({ clock });
  commit = github.world.repo("octo/app").push("topic", "the head");
  const home = scratch();
  const env = { ...process.env, ...github.env };
  const time = { now: clock.now, monotonic: clock.now, sleep: async () => {} };
  const client = createGitHub({ exec: run, env, clock: time, home });
  context = makePluginContext({ plugin: "build", home, env, cwd: home, github: client, repo: "octo/app", clock: time });
});
afterEach(() => github.stop());

const pin = (ref: string) => build.pin({ ref, argv: [], options: {}, network: true }, context);
const look = (pinned: Pin): Promise<LookResult> => build.look(lookContextOf(context, { pin: pinned, options: {} }));
const runId = () => commit.suites[0]?.runId;

test.each([
  ["run:123", { repo: null, id: 123, attempt: null }],
  ["run:123/2", { repo: null, id: 123, attempt: 2 }],
  ["https://github.com/o/r/actions/runs/123", { repo: "o/r", id: 123, attempt: null }],
  ["https://ghe.example/o/r/actions/runs/123/attempts/3", { repo: "ghe.example/o/r", id: 123, attempt: 3 }],
  ["https://github.com/o/r/actions/runs/123/job/9?pr=4", { repo: "o/r", id: 123, attempt: null }],
  ["run:", null],
  ["npm test", null],
])("%s names a run", (ref, wanted) => {
  expect(parseRun(ref)).toEqual(wanted);
});

test("a run is watched from queued to done, with the progress of its steps", async () => {
  const steps = [{ name: "checkout" }, { name: "test" }];
  commit.checks({ name: "unit", starts: 10, ends: 60, steps }, { name: "lint", starts: 5, ends: 20, steps });
  const pinned = await pin(`run:${runId()}`);
  expect((await look(pinned)).status).toBe("waiting");
  clock.advance(30);
  expect(await look(pinned)).toMatchObject({
    status: "running",
    progress: { done: 2, total: 4, percent: 50, phase: "unit" },
  });
  clock.advance(30);
  expect(await look(pinned)).toMatchObject({ status: "succeeded", progress: { percent: 100 } });
});

test("a failed run names the job and the step", async () => {
  commit.checks("lint", {
    name: "unit",
    conclusion: "FAILURE",
    steps: [{ name: "checkout", conclusion: "SUCCESS" }, { name: "test" }],
  });
  const result = await look(await pin(`run:${runId()}`));
  expect(result).toMatchObject({ status: "failed", reason: '"CI" is failure: "unit" failed' });
  expect(result.evidence).toMatchObject([{ job: "unit", text: 'unit: step "test"' }]);
});

test.each([
  ["TIMED_OUT", "failed"],
  ["STARTUP_FAILURE", "failed"],
  ["ACTION_REQUIRED", "blocked"],
  ["NEUTRAL", "succeeded"],
  ["SKIPPED", "skipped"],
  ["CANCELLED", "cancelled"],
])("a run that ended with %s is %s", async (conclusion, outcome) => {
  commit.suite({ workflow: "CI", status: "COMPLETED", conclusion });
  expect((await look(await pin(`run:${runId()}`))).status).toBe(outcome);
});

test.each([
  ["a person", { reviewers: ["octocat"] }, "blocked"],
  ["a timer", { waitTimer: 30 }, "running"],
  ["an app", { customRule: "gate" }, "running"],
])("a run that waits for %s at an environment", async (_, held, status) => {
  commit.run({ workflow: "Deploy", jobs: [{ name: "deploy", ends: 5, environment: { name: "prod", ...held } }] });
  const result = await look(await pin(`run:${runId()}`));
  expect(result.status === "waiting" ? "running" : result.status).toBe(status);
  expect(result.reason).toContain("prod");
});

test("a run behind another one of its concurrency group waits, and no runner is missed", async () => {
  const concurrency = { group: "release" };
  commit.run({ workflow: "Release", concurrency, jobs: [{ name: "deploy", ends: 900 }] });
  commit.run({ workflow: "Release", concurrency, jobs: [{ name: "deploy", ends: 5 }] });
  const result = await look(await pin(`run:${commit.suites[1]?.runId}`));
  expect(result).toMatchObject({ status: "waiting", reason: expect.stringContaining('concurrency group "release"') });
  expect(result.grace).toBeUndefined();
});

test("a run that is queued for want of a runner says so in time", async () => {
  commit.run({ jobs: [{ name: "unit", starts: null }] });
  expect(await look(await pin(`run:${runId()}`))).toMatchObject({ grace: { name: "runner", outcome: "no_runner" } });
});

test("a run that GitHub never started for want of a payment is not started", async () => {
  commit.run({ jobs: [notStarted("unit", "billing"), notStarted("lint", "billing")] });
  clock.advance(5);
  expect(await look(await pin(`run:${runId()}`))).toMatchObject({
    status: "not_started",
    reason: expect.stringMatching(/^GitHub did not start "CI": .*payments have failed.*must look at its billing$/),
  });
});

describe("a cancelled run", () => {
  const job = { name: "unit", ends: 600 };

  test("that its concurrency group stopped was replaced", async () => {
    const concurrency = { group: "ci", cancelInProgress: true };
    commit.run({ concurrency, jobs: [job] });
    commit.run({ concurrency, appears: 10, jobs: [job] });
    clock.advance(20);
    expect((await look(await pin(`run:${runId()}`))).status).toBe("superseded");
  });

  test("that a person stopped was not, whatever came after it", async () => {
    commit.run({ jobs: [job], cancelled: 10 });
    commit.run({ appears: 15, jobs: [job] });
    clock.advance(20);
    expect((await look(await pin(`run:${runId()}`))).status).toBe("cancelled");
  });

  test("without a job, of a fork's branch, is not replaced by another fork's branch of that name", async () => {
    const repo = github.world.repo("octo/app");
    const mine = repo.pull(7, { branch: "patch-1", fork: "ann", head: "mine" });
    mine.head.suite({ workflow: "CI", status: "COMPLETED", conclusion: "CANCELLED" });
    const theirs = repo.pull(8, { branch: "patch-1", fork: "bob", head: "theirs" });
    theirs.head.checks({ name: "unit", ends: 60 });
    const pinned = await pin(`run:${mine.head.suites[0]?.runId}`);
    expect((await look(pinned)).status).toBe("cancelled");
    mine.push("mine again").checks({ name: "unit", ends: 60 });
    expect((await look(pinned)).status).toBe("superseded");
  });
});

test("a value that does not exist today is running, and named", async () => {
  commit.suite({ workflow: "CI", status: "COMPLETED", conclusion: "IMPROVISED" });
  const result = await look(await pin(`run:${runId()}`));
  expect(result).toMatchObject({ status: "running", unknown: [expect.stringMatching(/completed\/improvised/)] });
});

test("a cancelled run with a newer one of its workflow and branch is superseded", async () => {
  commit.checks({ name: "unit", conclusion: "CANCELLED" });
  const pinned = await pin(`run:${runId()}`);
  expect((await look(pinned)).status).toBe("cancelled");
  github.world.repo("octo/app").push("topic", "a later head").checks({ name: "unit", ends: 60 });
  expect((await look(pinned)).status).toBe("superseded");
});

test("each attempt is a wait of its own", async () => {
  commit.checks({ name: "unit", conclusion: "FAILURE", rerun: [{ ends: 30 }] });
  const first = await pin(`run:${runId()}`);
  commit.rerunFailed(commit.suites[0]!);
  const second = await pin(`run:${runId()}`);
  expect(second.key).not.toBe(first.key);
  expect(await look(first)).toMatchObject({ status: "failed", note: expect.stringMatching(/later attempt/) });
  expect((await look(second)).status).toBe("running");
  clock.advance(30);
  expect((await look(second)).status).toBe("succeeded");
});

describe("what is not there", () => {
  test("a run that GitHub does not have is refused", async () => {
    await expect(pin("run:999999")).rejects.toMatchObject({ name: "RefError", message: /no workflow run 999999/ });
  });

  test("an answer that does not come is no result", async () => {
    commit.checks("unit");
    const pinned = await pin(`run:${runId()}`);
    github.world.fault({ kind: "502", times: 1 });
    await expect(look(pinned)).rejects.toMatchObject({ name: "GitHubError", problem: "server-error" });
  });
});
