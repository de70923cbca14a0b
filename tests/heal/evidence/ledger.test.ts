import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type LedgerRow, readLedger, record } from "../../../src/heal/evidence/ledger.ts";
import { paths } from "../../../src/store/paths.ts";

const NOW = Date.parse("2026-11-20T10:00:00Z");

function world() {
  const home = mkdtempSync(join(tmpdir(), "p9-ledger-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const files = paths(home);
  return {
    files,
    note: (...rows: Omit<LedgerRow, "ts">[]) => record(files, rows, NOW),
    read: () => readLedger(files).map(({ job, run, outcome }) => `${job} ${run} ${outcome}`),
  };
}

function run(job: string, id: number, more: Partial<LedgerRow> = {}): Omit<LedgerRow, "ts"> {
  const row = { repo: "o/r", job, signature: null, sha: "c1", tree: null, branch: null, duration: null, run: id };
  return { ...row, outcome: "passed", ...more };
}

test("a run of a job is counted once for each outcome, and read newest first", async () => {
  const { note, read } = world();
  await note(run("test", 1), run("lint", 2));
  await note(run("test", 1), run("test", 1, { outcome: "failed" }));
  expect(read()).toEqual(["test 1 failed", "lint 2 passed", "test 1 passed"]);
});

test("commit statuses, which have no run, are counted once for each job and commit", async () => {
  const { note, read } = world();
  await note(run("ci/a", 0), run("ci/b", 0));
  await note(run("ci/a", 0), run("ci/a", 0, { sha: "c2" }));
  expect(read()).toEqual(["ci/a 0 passed", "ci/b 0 passed", "ci/a 0 passed"]);
});

test("rows of another version are read as far as they go, and what is no row is passed over", () => {
  const { files } = world();
  const rows = [
    { repo: "o/r", job: "old", sha: "c1", outcome: "failed" },
    { repo: "o/r", job: "odd", sha: "c1", outcome: "passed", tree: 7, run: "x", duration: "1 s", more: true },
    { repo: "o/r", job: "no commit", outcome: "failed" },
    { repo: "o/r", job: "slow", sha: "c1", outcome: "slow" },
  ];
  appendFileSync(files.ledger, `${rows.map((row) => JSON.stringify(row)).join("\n")}\nnot json\n[1]\n`);
  const empty = { ts: "", signature: null, tree: null, branch: null, duration: null, run: 0 };
  expect(readLedger(files)).toEqual([
    { ...empty, repo: "o/r", job: "odd", sha: "c1", outcome: "passed" },
    { ...empty, repo: "o/r", job: "old", sha: "c1", outcome: "failed" },
  ]);
});
