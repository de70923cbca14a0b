// needs: time, gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shaOf } from "../../../servers/github/mod.ts";
import type { Pull } from "../../../servers/github/pull.ts";
import type { Repo } from "../../../servers/github/repo.ts";
import { type Bench, bench } from "./watch.ts";

let one: Bench;
let repo: Repo;
let pull: Pull;
beforeEach(async () => {
  one = await bench();
  repo = one.world.repo("octo/app");
  pull = repo.pull(42, { head: "first" });
});
afterEach(() => one.stop());

describe("green", () => {
  test("all expected checks green, neutral and skipped among them", async () => {
    repo.require({ required: ["build", "lint", "docs"] });
    pull.head.checks(
      { name: "build", ends: 60 },
      { name: "lint", conclusion: "NEUTRAL" },
      { name: "docs", conclusion: "SKIPPED" },
    );
    const end = await one.watch();
    expect(end).toMatchObject({
      outcome: "succeeded",
      reason: "All 3 required checks passed (1 skipped, 1 neutral)",
      sha: shaOf("first"),
    });
    expect(end.at).toBeLessThan(70);
  });

  test("no checks for 60 s after the push, then they appear and pass: never red or green before", async () => {
    pull.head.checks({ name: "build", appears: 60, ends: 90 });
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
    const early = end.looks.filter((look) => look.status !== "waiting" && look.status !== "running");
    expect(early.every((look) => (look.endedAt ?? 0) >= pull.head.pushedAt + 90_000)).toBe(true);
    expect(end.at).toBeGreaterThanOrEqual(90);
  });

  test("with no required check known, not before 30 s without a new check", async () => {
    pull.head.checks("build", { name: "late", appears: 25 });
    const end = await one.watch();
    expect(end.at).toBeGreaterThanOrEqual(55);
    expect(end.looks.at(-1)?.items).toHaveLength(2);
  });

  test("a green that is old already is believed at once", async () => {
    pull.head.checks({ name: "build", ends: 60 });
    one.clock.advance(3600);
    const end = await one.watch();
    expect(end.at).toBeLessThan(3610);
  });

  test("optional checks that fail or still run do not hold up the required ones", async () => {
    repo.require({ required: ["build"] });
    pull.head.checks(
      { name: "build", ends: 10 },
      { name: "codecov", conclusion: "FAILURE" },
      { name: "slow", ends: 500 },
    );
    const end = await one.watch();
    expect(end).toMatchObject({
      outcome: "succeeded",
      reason: 'The required check passed; optional "codecov" did not',
    });
    expect(end.at).toBeLessThan(30);
  });

  test("only commit statuses: EXPECTED, then SUCCESS", async () => {
    pull.head.status({
      context: "ci/circle",
      states: [
        [0, "EXPECTED"],
        [40, "SUCCESS"],
      ],
    });
    const end = await one.watch();
    expect(end.outcome).toBe("succeeded");
    expect(end.at).toBeGreaterThanOrEqual(40);
  });

  test("checks of the head before, when the watch followed a push, hold green up too", async () => {
    pull.head.checks({ name: "build", ends: null }, { name: "e2e", ends: null });
    one.world.at(60, () => pull.push("second").checks("build"));
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: 'The check passed ("e2e" did not report)' });
    expect(end.at).toBeGreaterThanOrEqual(60 + 180);
  });

  test("checks that the earlier head had and this one has not hold green up until they can no longer be late", async () => {
    pull.head.checks("build", "e2e");
    one.clock.advance(3600);
    pull.push("second").checks("build");
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: 'The check passed ("e2e" did not report)' });
    expect(end.at).toBeGreaterThanOrEqual(3600 + 180);
  });
});

describe("red", () => {
  test("a required check fails while others run: red early, naming it", async () => {
    repo.require({ required: ["build", "lint"] });
    pull.head.checks({ name: "build", ends: 600 }, { name: "lint", ends: 20, conclusion: "FAILURE" });
    const end = await one.watch();
    expect(end.outcome).toBe("failed");
    expect(end.reason).toMatch(/^Required check "lint" failed; 1 check still running/);
    expect(end.at).toBeLessThan(40);
  });

  test("without fail-fast it waits for the rest", async () => {
    pull.head.checks({ name: "build", ends: 100 }, { name: "lint", ends: 20, conclusion: "FAILURE" });
    const end = await one.watch({ options: { "fail-fast": false } });
    expect(end).toMatchObject({ outcome: "failed" });
    expect(end.at).toBeGreaterThanOrEqual(100);
  });

  test.each(["FAILURE", "TIMED_OUT", "STARTUP_FAILURE", "STALE"])("a check that ended with %s", async (conclusion) => {
    pull.head.checks("build", { name: "lint", ends: 5, conclusion });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "lint" failed' });
  });

  test("a cancelled check", async () => {
    pull.head.checks("build", { name: "lint", ends: 5, conclusion: "CANCELLED" });
    expect(await one.watch()).toMatchObject({ outcome: "cancelled", reason: '"lint" was cancelled' });
  });

  test("a workflow that could not start and so has no check at all", async () => {
    pull.head.checks("build").suite({ workflow: "Deploy", status: "COMPLETED", conclusion: "STARTUP_FAILURE" });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Workflow "Deploy" failed' });
  });

  test("a workflow that could not start is why a required check is missing: red at once", async () => {
    repo.require({ required: ["build", "deploy"] });
    pull.head.checks("build").suite({ workflow: "Deploy", status: "COMPLETED", conclusion: "STARTUP_FAILURE" });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "failed", reason: 'Workflow "Deploy" failed' });
    expect(end.at).toBeLessThan(10);
  });

  test("an optional workflow that could not start does not turn green red", async () => {
    repo.require({ required: ["build"] });
    pull.head.checks("build").suite({ workflow: "Deploy", status: "COMPLETED", conclusion: "STARTUP_FAILURE" });
    expect((await one.watch()).outcome).toBe("succeeded");
  });

  test("a commit status with ERROR", async () => {
    pull.head.status({
      context: "ci/circle",
      states: [
        [0, "PENDING"],
        [20, "ERROR"],
      ],
    });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "ci/circle" failed' });
  });

  test("250 contexts over three pages, the failing one last", async () => {
    for (let index = 0; index < 249; index += 1) pull.head.checks(`check ${index}`);
    pull.head.checks({ name: "the last", conclusion: "FAILURE" });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "the last" failed' });
  });
});

describe("a human must act", () => {
  test("ACTION_REQUIRED", async () => {
    pull.head.checks("build", { name: "deploy", ends: 5, conclusion: "ACTION_REQUIRED" });
    const end = await one.watch();
    expect(end.outcome).toBe("blocked");
    expect(end.reason).toMatch(/"deploy" waits for a human/);
  });

  test("a fork's run that awaits approval", async () => {
    pull.head.suite({ workflow: "CI", status: "COMPLETED", conclusion: "ACTION_REQUIRED" });
    expect((await one.watch()).outcome).toBe("blocked");
  });

  test("a merge conflict, at once", async () => {
    pull.mergeable = "CONFLICTING";
    const end = await one.watch();
    expect(end.outcome).toBe("blocked");
    expect(end.reason).toMatch(/conflicts with "main"/);
    expect(end.at).toBeLessThan(5);
  });
});

describe("no checks", () => {
  test("without workflows: after 3 minutes", async () => {
    const end = await one.watch();
    expect(end.outcome).toBe("no_checks");
    expect(end.at).toBeGreaterThanOrEqual(180);
    expect(end.at).toBeLessThan(200);
  });

  test("with workflows: after 10 minutes", async () => {
    repo.workflows.push({ name: "CI", path: ".github/workflows/ci.yml" });
    const end = await one.watch();
    expect(end.outcome).toBe("no_checks");
    expect(end.at).toBeGreaterThanOrEqual(600);
  });

  test("with workflows that only run by hand: after 3 minutes", async () => {
    repo.workflows.push({ name: "CI", path: ".github/workflows/ci.yml", text: "on: workflow_dispatch" });
    expect((await one.watch()).at).toBeLessThan(200);
  });

  test.each([
    ["green", "succeeded"],
    ["ignore", "open"],
  ])("the policy says %s", async (policy, outcome) => {
    expect((await one.watch({ config: { no_checks: policy }, deadline: 900 })).outcome).toBe(outcome);
  });

  test("a required check that is known makes it a missing one, whatever the policy", async () => {
    repo.require({ required: ["build"] });
    expect((await one.watch({ config: { no_checks: "green" } })).outcome).toBe("missing_required");
  });
});
