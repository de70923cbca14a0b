import { parseTimestamp } from "../base/clock.ts";
import type { LedgerRow } from "../heal/evidence/ledger.ts";
import { countedMinutes, type MinutesRow } from "../heal/evidence/minutes.ts";
import { commitOf } from "./cycles.ts";

/** Minutes of CI, as GitHub counts them: of each job whole ones, times the factor of its runner. */
export interface CiMinutes {
  readonly minutes: number;
  /** Those of jobs that failed. */
  readonly red: number;
  /** Those of jobs that failed and passed on the same tree: a part of `red`. */
  readonly flaky: number;
  readonly jobs: number;
  /** Jobs whose minutes are not known, and are in none of the figures. */
  readonly unknown_jobs: number;
}

/** The minutes of one pull request. */
export interface PullRequestMinutes extends CiMinutes {
  readonly repo: string;
  readonly pr: number;
}

/** The minutes of all, and what was not run again. */
export interface AllMinutes extends CiMinutes {
  /** Commits whose failure p9 told not to pass when it runs again, and the minutes that running their failed jobs again would have cost. */
  readonly reruns_avoided: { readonly count: number; readonly minutes: number };
  readonly by_pr: readonly PullRequestMinutes[];
}

/** What the ledger and the log say of CI from `since` on. */
export interface MinutesInput {
  readonly minutes: readonly MinutesRow[];
  readonly ledger: readonly LedgerRow[];
  /** See `LogFold.lasting`. */
  readonly lasting: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Sums up minutes of CI. Runs that only another p9 or none saw end are jobs whose minutes are not known. */
export function ciMinutes({ minutes, ledger, lasting, since }: MinutesInput): AllMinutes {
  const isInside = ({ ts }: { readonly ts: string }) => parseTimestamp(ts) >= since;
  const rows = minutes.filter(isInside);
  const flaky = flakyRuns(ledger);
  const told = new Set(minutes.map(({ run }) => run));
  // A row without a tree is of the base branch, which ran for no pull request.
  const untold = new Set(
    ledger
      .filter((row) => row.run > 0 && row.tree !== null && !told.has(row.run) && isInside(row))
      .map(({ run }) => run),
  );
  const byPr = new Map<string, MinutesRow[]>();
  for (const row of rows) {
    const key = `${row.repo.toLowerCase()}#${row.pr}`;
    const list = byPr.get(key);
    if (list) list.push(row);
    else byPr.set(key, [row]);
  }
  const whole = sum(rows, flaky);
  const again = rows.filter((row) => row.failed && lasting.has(commitOf(row)));
  return {
    ...whole,
    jobs: whole.jobs + untold.size,
    unknown_jobs: whole.unknown_jobs + untold.size,
    reruns_avoided: { count: lasting.size, minutes: sum(again, flaky).minutes },
    by_pr: [...byPr.values()]
      .flatMap((list) => (list[0] ? [{ repo: list[0].repo, pr: list[0].pr, ...sum(list, flaky) }] : []))
      .sort((a, b) => b.minutes - a.minutes || a.pr - b.pr),
  };
}

function sum(rows: readonly MinutesRow[], flaky: ReadonlySet<number>): CiMinutes {
  const total = { minutes: 0, red: 0, flaky: 0, jobs: rows.length, unknown_jobs: 0 };
  for (const row of rows) {
    const counted = countedMinutes(row);
    if (counted === null) total.unknown_jobs++;
    const minutes = counted ?? 0;
    total.minutes += minutes;
    if (row.failed) total.red += minutes;
    if (row.failed && flaky.has(row.run)) total.flaky += minutes;
  }
  return { ...total, minutes: rounded(total.minutes), red: rounded(total.red), flaky: rounded(total.flaky) };
}

/** Failed runs of jobs that passed on the same tree too. */
function flakyRuns(ledger: readonly LedgerRow[]): ReadonlySet<number> {
  const keyOf = ({ repo, job, tree, sha }: LedgerRow) => JSON.stringify([repo.toLowerCase(), job, tree ?? sha]);
  const passed = new Set(ledger.filter(({ outcome }) => outcome === "passed").map(keyOf));
  return new Set(ledger.filter((row) => row.outcome === "failed" && passed.has(keyOf(row))).map(({ run }) => run));
}

/** A factor may be a quarter. */
function rounded(minutes: number): number {
  return Number(minutes.toFixed(2));
}
