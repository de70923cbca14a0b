// needs: gh
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe("a run that goes on is alive, whatever came after it", () => {
  /** `opened` starts the first run; a label starts another one of the same workflow, which is over at once. */
  function twoRuns(later: { name: string; conclusion?: string }[], first: string) {
    pull.head.run({ jobs: [{ name: "lint" }, { name: "e2e", ends: 200, conclusion: first }] });
    pull.head.run({ appears: 2, jobs: later.map((job) => ({ ends: 2, ...job })) });
  }

  test("none required: it is waited for", async () => {
    twoRuns([{ name: "lint" }], "FAILURE");
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "failed", reason: 'Check "e2e" failed' });
  });

  test("a check of it is required and still runs: green when it has passed, and nothing is missing", async () => {
    repo.require({ required: ["lint", "e2e"] });
    twoRuns([{ name: "lint" }], "SUCCESS");
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: "All 2 required checks passed" });
    expect(end.at).toBeGreaterThanOrEqual(200);
  });

  test("a skip in the later run replaces nothing that runs", async () => {
    twoRuns([{ name: "lint" }, { name: "e2e", conclusion: "SKIPPED" }], "FAILURE");
    expect(await one.watch()).toMatchObject({ outcome: "failed" });
  });

  test("a skip after the failure replaces it, as GitHub has it", async () => {
    pull.head.run({ jobs: [{ name: "lint" }, { name: "e2e", ends: 10, conclusion: "FAILURE" }] });
    pull.head.run({ appears: 30, jobs: [{ name: "lint" }, { name: "e2e", conclusion: "SKIPPED" }] });
    one.clock.advance(60);
    expect((await one.watch()).outcome).toBe("succeeded");
  });

  test("jobs of it that are not there yet are waited for, none or some required", async () => {
    pull.head.run({ jobs: [{ name: "lint" }, { name: "deploy", appears: 120, ends: 150, conclusion: "FAILURE" }] });
    expect(await one.watch()).toMatchObject({ outcome: "failed", reason: 'Check "deploy" failed' });
    const other = repo.pull(43, { head: "second" });
    repo.require({ required: ["lint", "deploy"] });
    other.head.run({ jobs: [{ name: "lint" }, { name: "deploy", appears: 1200, ends: 1300 }] });
    const end = await one.watch({ ref: "43" });
    expect(end).toMatchObject({ outcome: "succeeded", reason: "All 2 required checks passed" });
  });

  test("required checks that passed do not wait for the rest of their run", async () => {
    repo.require({ required: ["lint"] });
    pull.head.run({ jobs: [{ name: "lint" }, { name: "docs", appears: 100, ends: 900 }] });
    expect((await one.watch()).at).toBeLessThan(30);
  });
});

describe("what a newer run replaces", () => {
  test("what its concurrency group cancelled, also the jobs that it does not have", async () => {
    const group = { concurrency: { group: "ci-42", cancelInProgress: true } };
    pull.head.run({ ...group, jobs: [{ name: "lint" }, { name: "e2e", ends: 300 }] });
    pull.head.run({ ...group, appears: 10, jobs: [{ name: "lint", ends: 20 }] });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome: "succeeded", reason: "The check passed" });
  });

  test("not what a person cancelled and the newer run does not have", async () => {
    pull.head.run({ jobs: [{ name: "lint" }, { name: "e2e", ends: 300 }], cancelled: 20 });
    pull.head.run({ appears: 10, jobs: [{ name: "lint", ends: 30 }] });
    expect(await one.watch()).toMatchObject({ outcome: "cancelled", reason: '"e2e" was cancelled' });
  });

  test("a failure that the newer run made good", async () => {
    pull.head.run({ jobs: [{ name: "lint", ends: 5, conclusion: "FAILURE" }] });
    pull.head.run({ appears: 1, jobs: [{ name: "lint", ends: 40 }] });
    const end = await one.watch({ options: { "fail-fast": false } });
    expect(end).toMatchObject({ outcome: "succeeded" });
  });

  test("nothing of another workflow whose jobs have the same names", async () => {
    pull.head.run({ workflow: "A", jobs: [{ name: "build", conclusion: "FAILURE" }] });
    pull.head.run({ workflow: "B", appears: 1, jobs: [{ name: "build" }] });
    expect((await one.watch()).outcome).toBe("failed");
  });

  test("the earlier run, re-run after the newer one, is the newer report", async () => {
    const first = pull.head.run({
      jobs: [{ name: "lint", conclusion: "FAILURE", rerun: [{ ends: 60, conclusion: "FAILURE" }] }],
    });
    pull.head.run({ appears: 1, jobs: [{ name: "lint" }] });
    one.clock.advance(100);
    pull.head.rerunFailed(first);
    expect(await one.watch()).toMatchObject({ outcome: "failed", at: expect.closeTo(160, -2) });
  });
});

describe("jobs of one name in one run", () => {
  test("each counts for itself, also one that began after the other", async () => {
    pull.head.run({
      jobs: [
        { name: "test", ends: 10, conclusion: "FAILURE" },
        { name: "test", appears: 15, starts: 20, ends: 40 },
      ],
    });
    expect((await one.watch({ options: { "fail-fast": false } })).outcome).toBe("failed");
  });

  test("a re-run replaces the attempt before", async () => {
    const run = pull.head.run({ jobs: [{ name: "test", ends: 10, conclusion: "FAILURE", rerun: [{ ends: 30 }] }] });
    one.clock.advance(60);
    pull.head.rerunFailed(run);
    expect((await one.watch()).outcome).toBe("succeeded");
  });
});

// openclaw/openclaw#131924: the roll-up shows a queued duplicate in the place of a job that ran, for good.
describe("a check that is queued in a run that is over", () => {
  test.each([
    ["SUCCESS", "succeeded", "All 2 checks passed"],
    ["FAILURE", "failed", 'Check "test" failed'],
  ])("is the job of its name that ran: %s", async (conclusion, outcome, reason) => {
    pull.head.run({ jobs: [{ name: "lint" }, { name: "test", ends: 30, conclusion, ghost: true }] });
    const end = await one.watch();
    expect(end).toMatchObject({ outcome, reason });
    expect(end.at).toBeGreaterThanOrEqual(30);
  });

  test("is asked about once it is over, and without the right to read jobs waits on", async () => {
    one.world.permissions.actions = false;
    pull.head.run({ jobs: [{ name: "lint" }, { name: "test", ends: 30, ghost: true }] });
    expect((await one.watch({ deadline: 600 })).outcome).toBe("open");
  });
});
