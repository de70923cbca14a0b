import { dirname } from "node:path";
import * as z from "zod/mini";
import { timestamp } from "../../base/clock.ts";
import { errorCode } from "../../core/errors.ts";
import type { RunJob } from "../../github/actions/jobs.ts";
import { runnerFactor } from "../../github/actions/runner-factor.ts";
import { makeDir } from "../../store/files.ts";
import { appendRows, rowsThatFit } from "../../store/jsonl.ts";
import { LockTimeoutError, withLock } from "../../store/lock/lock.ts";
import { orElse } from "../../store/or-else.ts";
import type { Paths } from "../../store/paths.ts";

/** How long one job ran, and what its minutes count; a row of the ledger beside those of `ledger.ts`. */
export interface MinutesRow {
  readonly ts: string;
  readonly type: "job.minutes";
  readonly repo: string;
  readonly pr: number;
  readonly sha: string;
  readonly job: string;
  /** Number of the job run: the same as in the ledger's other rows. */
  readonly run: number;
  readonly workflow_run: number;
  /** When it began (ms since the epoch): a re-run lists jobs that were not run again under new numbers. */
  readonly started_at: number;
  readonly failed: boolean;
  readonly seconds: number;
  /** What a minute counts; null: the runner's labels do not say. */
  readonly factor: number | null;
}

/** The pull request that jobs ran for. */
export interface RanFor {
  readonly repo: string;
  readonly pr: number;
  readonly sha: string;
}

const MAX_ROWS = 20_000;

/** Records how long jobs ran that have ended, each once. Best effort. */
export async function recordMinutes(paths: Paths, ranFor: RanFor, jobs: readonly RunJob[], now: number): Promise<void> {
  const rows = jobs.flatMap((job) => rowOf(ranFor, job, now));
  if (rows.length === 0) return;
  try {
    makeDir(dirname(paths.ledgerLock));
    await withLock(paths.ledgerLock, () => {
      const known = new Set(readMinutes(paths).map(keyOf));
      appendRows(
        paths.ledger,
        rows.filter((row) => !known.has(keyOf(row))),
        { sync: false },
      );
    });
  } catch (error) {
    if (!(error instanceof LockTimeoutError) && errorCode(error) === undefined) throw error;
  }
}

function rowOf({ repo, pr, sha }: RanFor, job: RunJob, now: number): readonly MinutesRow[] {
  const { id, name, run, state, startedAt, endedAt, labels } = job;
  const ran = state === "succeeded" || state === "neutral" || state === "failed" || state === "cancelled";
  if (!ran || run === null || startedAt === null || endedAt === null || endedAt < startedAt) return [];
  const common = { ts: timestamp(now), type: "job.minutes", repo, pr, sha, job: name, run: id } as const;
  const seconds = Math.round((endedAt - startedAt) / 1000);
  const failed = state === "failed";
  return [{ ...common, workflow_run: run, started_at: startedAt, failed, seconds, factor: runnerFactor(labels) }];
}

function keyOf({ repo, workflow_run, job, started_at }: MinutesRow): string {
  return JSON.stringify([repo.toLowerCase(), workflow_run, job, started_at]);
}

/** The newest rows, newest first. */
export function readMinutes(paths: Pick<Paths, "ledger">): MinutesRow[] {
  const rows: MinutesRow[] = [];
  for (const row of rowsThatFit(paths.ledger, ROW)) {
    if (rows.push(row) >= MAX_ROWS) break;
  }
  return rows;
}

/** Minutes that GitHub counts for a job: whole ones, times the factor of its runner. Null when that is not known. */
export function countedMinutes({ seconds, factor }: Pick<MinutesRow, "seconds" | "factor">): number | null {
  return factor === null ? null : Math.ceil(seconds / 60) * factor;
}

const ROW: z.ZodMiniType<MinutesRow> = z.object({
  ts: orElse(z.string(), ""),
  type: z.literal("job.minutes"),
  repo: z.string(),
  pr: z.number(),
  sha: z.string(),
  job: z.string(),
  run: z.number(),
  workflow_run: z.number(),
  started_at: z.number(),
  failed: z.boolean(),
  seconds: z.number(),
  factor: orElse(z.nullable(z.number()), null),
});
