import { expect, test } from "vitest";
import type { LedgerRow } from "../../src/heal/evidence/ledger.ts";
import type { MinutesRow } from "../../src/heal/evidence/minutes.ts";
import { ciMinutes } from "../../src/stats/ci-minutes.ts";

let next = 1;
function job(seconds: number, more: Partial<MinutesRow> = {}): MinutesRow {
  const run = next++;
  const known = {
    ts: "2026-11-20T08:00:00Z",
    type: "job.minutes",
    repo: "o/r",
    pr: 42,
    sha: "a",
    job: "test",
  } as const;
  return { ...known, run, workflow_run: 1, started_at: run, failed: false, seconds, factor: 1, ...more };
}
function inLedger(run: number, outcome: LedgerRow["outcome"], more: Partial<LedgerRow> = {}): LedgerRow {
  const known = {
    ts: "2026-11-20T08:00:00Z",
    repo: "o/r",
    job: "test",
    signature: null,
    sha: "a",
    tree: "t",
    branch: "b",
  };
  return { ...known, outcome, duration: null, run, ...more };
}
const all = { ledger: [], lasting: new Set<string>(), since: 0 };

test("each job's minutes are rounded up, and count as its runner does", () => {
  const minutes = [
    job(1),
    job(61),
    job(60, { factor: 10 }),
    job(600, { factor: 0 }),
    job(59, { failed: true, factor: 2 }),
  ];
  expect(ciMinutes({ ...all, minutes })).toMatchObject({ minutes: 15, red: 2, flaky: 0, jobs: 5, unknown_jobs: 0 });
});

test("a runner that is not known, and a job that only the ledger knows, are counted as not known and not as 0", () => {
  const minutes = [job(120), job(600, { factor: null })];
  const ledger = [
    inLedger(minutes[0]?.run ?? 0, "passed"),
    inLedger(9000, "failed"),
    inLedger(9001, "passed", { tree: null }),
  ];
  expect(ciMinutes({ ...all, minutes, ledger })).toMatchObject({ minutes: 2, jobs: 3, unknown_jobs: 2 });
});

test("a failure whose job passed on the same tree burned its minutes as a flake", () => {
  const [flake, red] = [job(240, { failed: true }), job(60, { failed: true, job: "lint" })];
  const ledger = [
    inLedger(flake.run, "failed"),
    inLedger(flake.run + 100, "passed"),
    inLedger(red.run, "failed", { job: "lint" }),
  ];
  expect(ciMinutes({ ...all, minutes: [flake, red], ledger })).toMatchObject({ red: 5, flaky: 4 });
});

test("pull requests stand apart, those that took most first, and earlier times are left out", () => {
  const minutes = [
    job(60),
    job(600, { pr: 43 }),
    job(60, { pr: 43, repo: "O/R" }),
    job(6000, { ts: "2025-01-01T00:00:00Z" }),
  ];
  const { by_pr } = ciMinutes({ ...all, minutes, since: Date.parse("2026-01-01T00:00:00Z") });
  expect(by_pr.map(({ pr, minutes: own }) => [pr, own])).toEqual([
    [43, 11],
    [42, 1],
  ]);
});

test("a failure that would fail again is a re-run avoided, with the minutes of the jobs that failed", () => {
  const minutes = [job(240, { failed: true }), job(60), job(600, { failed: true, sha: "b" })];
  const found = ciMinutes({ ...all, minutes, lasting: new Set(["o/r a"]) });
  expect(found.reruns_avoided).toEqual({ count: 1, minutes: 4 });
});
