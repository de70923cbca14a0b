import { dirname } from "node:path";
import * as z from "zod/mini";
import { parseTimestamp, timestamp } from "../../base/clock.ts";
import { errorCode } from "../../core/errors.ts";
import { sameRepo } from "../../core/repo.ts";
import { makeDir } from "../../store/files.ts";
import { appendRows, rowsThatFit } from "../../store/jsonl.ts";
import { LockTimeoutError, withLock } from "../../store/lock/lock.ts";
import { orElse } from "../../store/or-else.ts";
import type { Paths } from "../../store/paths.ts";

/** How one job ended on one git tree. */
export interface LedgerRow {
  readonly ts: string;
  readonly repo: string;
  readonly job: string;
  /** Signature of the failure; null when the job passed. */
  readonly signature: string | null;
  /** Commit, and the tree it holds: two commits of one tree are the same code. */
  readonly sha: string;
  readonly tree: string | null;
  readonly branch: string | null;
  readonly outcome: "failed" | "passed";
  /** Seconds that the job ran, when known. */
  readonly duration: number | null;
  /** Number of the job run, so that one run is counted once. */
  readonly run: number;
}

/** The history of a failure in earlier runs. */
export interface History {
  /** `new`, `seen before on 3 trees`, `red on base since abc1234`, `known flake 7/40`, `passed on a re-run of the same tree`. */
  readonly answer: string;
  /** The same tree has passed this job after failing with this signature, often enough to call it a flake. */
  readonly flaky: boolean;
  readonly onBase: boolean;
}

/** Rows that are looked at, newest first; older ones say little about today. */
const MAX_ROWS = 20_000;

/** Appends rows; counts each run of a job once. Best effort, because a lost row must not prevent a classification. */
export async function record(paths: Paths, rows: readonly Omit<LedgerRow, "ts">[], now: number): Promise<void> {
  if (rows.length === 0) return;
  try {
    await append(paths, rows, now);
  } catch (error) {
    if (!(error instanceof LockTimeoutError) && errorCode(error) === undefined) throw error;
  }
}

async function append(paths: Paths, rows: readonly Omit<LedgerRow, "ts">[], now: number): Promise<void> {
  makeDir(dirname(paths.ledgerLock));
  await withLock(paths.ledgerLock, () => {
    const known = new Set(readLedger(paths).map(runOf));
    const fresh = rows.filter((row) => !known.has(runOf(row)));
    appendRows(
      paths.ledger,
      fresh.map((row) => ({ ts: timestamp(now), ...row })),
      { sync: false },
    );
  });
}

/** The id that a run of a job is counted by. A commit status has no run: its job and commit are used. */
function runOf({ run, outcome, repo, job, sha }: Omit<LedgerRow, "ts">): string {
  return run > 0 ? `${run}:${outcome}` : JSON.stringify([repo, job, sha, outcome]);
}

/** The ledger's newest rows, newest first. Lines that are no rows are passed over. */
export function readLedger(paths: Pick<Paths, "ledger">): LedgerRow[] {
  const rows: LedgerRow[] = [];
  for (const row of rowsThatFit(paths.ledger, ROW)) {
    if (rows.push(row) >= MAX_ROWS) break;
  }
  return rows;
}

const textOrNull = orElse(z.nullable(z.string()), null);

/** A row of `ledger.jsonl`; what is compared must be there. */
const ROW: z.ZodMiniType<LedgerRow> = z.object({
  ts: orElse(z.string(), ""),
  repo: z.string(),
  job: z.string(),
  signature: textOrNull,
  sha: z.string(),
  tree: textOrNull,
  branch: textOrNull,
  outcome: z.enum(["failed", "passed"]),
  duration: orElse(z.nullable(z.number()), null),
  run: orElse(z.number(), 0),
});

/** A failure of the base branch that was not seen for longer says nothing about today. */
const BASE_MS = 7 * 86_400_000;

/** The history of a failing job in the ledger. `base`: name of the base branch. */
export function historyOf(
  rows: readonly LedgerRow[],
  failure: {
    readonly repo: string;
    readonly job: string;
    readonly signature: string;
    readonly tree: string | null;
    readonly sha: string;
    readonly base: string | null;
    readonly now: number;
    /** The commit of the base branch that was read just now. */
    readonly baseSha?: string | null;
  },
): History {
  const job = rows.filter((row) => row.job === failure.job && sameRepo(row.repo, failure.repo));
  const passedTrees = new Set(job.filter((row) => row.outcome === "passed").map(codeOf));
  const same = job.filter((row) => row.signature === failure.signature);
  const flakes = same.filter((row) => passedTrees.has(codeOf(row)));
  const base = same.filter((row) => failure.base !== null && row.branch === failure.base);
  const isFresh = base.some(({ sha, ts }) => sha === failure.baseSha || failure.now - parseTimestamp(ts) <= BASE_MS);
  const onBase =
    isFresh && !job.some((row) => row.branch === failure.base && row.outcome === "passed" && row.ts >= base[0]!.ts);
  const here = codeOf({ tree: failure.tree, sha: failure.sha });
  const passedHere = passedTrees.has(here) && same.some((row) => codeOf(row) === here);
  if (onBase) return { answer: `red on base since ${base.at(-1)!.sha.slice(0, 7)}`, flaky: false, onBase: true };
  if (flakes.length > 0) {
    const ratio = `${flakes.length}/${job.length}`;
    // A job that fails more often than it passes is broken, not flaky.
    const flaky = flakes.length <= job.length / 2;
    return {
      answer: flaky ? `known flake ${ratio}` : `passed on a re-run before, but fails ${ratio}`,
      flaky,
      onBase: false,
    };
  }
  if (passedHere) return { answer: "passed on a re-run of the same tree", flaky: true, onBase: false };
  const elsewhere = new Set(same.map(codeOf));
  elsewhere.delete(here);
  const seen = elsewhere.size;
  return {
    answer: seen > 0 ? `seen before on ${seen} other tree${seen > 1 ? "s" : ""}` : "new",
    flaky: false,
    onBase: false,
  };
}

function codeOf({ tree, sha }: Pick<LedgerRow, "tree" | "sha">): string {
  return tree ?? sha;
}

/** Whether several jobs of a commit failed because the same outside service was missing: an outage, not the code. */
export function isOutage(types: readonly string[]): boolean {
  const outside = types.filter((type) => type === "network" || type === "rate_limit" || type === "runner");
  return outside.length >= 2 && outside.length === types.length;
}
