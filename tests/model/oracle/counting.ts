import type { PrWorld, RunSpec } from "../world.ts";
import { othersAt, type Report, type RunState, runAt } from "./reports.ts";
import type { Span } from "./runs.ts";

/** All that is known of one head at one instant. */
export interface HeadState {
  /** What counts. */
  readonly counting: readonly Report[];
  /** Everything that GitHub shows, what was replaced included, newest runs last. */
  readonly all: readonly Report[];
  /** Whether a run goes on that may still bring jobs. */
  readonly alive: boolean;
  /** Whether each run that goes on waits for a person and for nothing else. */
  readonly held: boolean;
  /** Whether a concurrency group stopped a job that the run which took its place does not have: GitHub goes on showing it as cancelled. */
  readonly leftBehind: boolean;
  /** Whether a job that failed was replaced by one that was skipped: GitHub then calls it a success, a reader may not. */
  readonly skippedOver: boolean;
}

/**
 * Which reports count.
 *
 * - A newer report of another run of the same workflow and event replaces a check of the same name once that check's run is over. A re-run of an
 *   older run makes the newer report ("Re-run workflows and jobs": it creates new check runs). Before, the older one
 *   is alive: without a concurrency group runs go on side by side ("Control the concurrency of workflows and jobs": by default several run
 *   concurrently), so nothing of it is settled.
 * - What a concurrency group stopped is replaced by the run that took its place, whether that has the same jobs yet or not.
 * - Jobs of one name in one run are several check runs, and each must pass. Everything else counts for itself: other events, other workflows,
 *   other apps, statuses ("About protected branches": names that several workflows share are ambiguous, so none is passed over).
 */
export function headAt(world: PrWorld, spans: Map<RunSpec, Span>, head: number, t: number): HeadState {
  const runs = world.runs
    .filter((run) => run.head === head)
    .flatMap((run) => runAt(run, spans.get(run) ?? { start: null, stopped: null, by: null }, t) ?? [])
    .sort((a, b) => a.run.created - b.run.created);
  const apps = othersAt(world, head, t);
  let leftBehind = false;
  let skippedOver = false;
  const counting = runs.flatMap((state, index) => {
    const newer = runs.slice(index + 1).filter(({ run }) => lineOf(run) === lineOf(state.run));
    const others = runs.filter((other) => other !== state && lineOf(other.run) === lineOf(state.run));
    const dropped = state.reports.filter((report) => isReplaced(report, state, newer, others));
    skippedOver ||= dropped.some(
      (report) =>
        report.state === "failed" &&
        others.every(({ reports }) => reports.every((other) => !isNewer(other, report) || other.state === "skipped")),
    );
    leftBehind ||= dropped.some((report) => report.name !== null && !isIn(newer, report) && !hasNewer(others, report));
    return state.reports.filter((report) => !dropped.includes(report));
  });
  return {
    counting: [...counting, ...apps],
    all: [...runs.flatMap(({ reports }) => reports), ...apps],
    alive: runs.some(({ ended }) => !ended),
    held: runs.every(({ ended, held }) => ended || held),
    leftBehind,
    skippedOver,
  };
}

function lineOf(run: RunSpec): string {
  return `${run.workflow} ${run.event}`;
}

function isReplaced(report: Report, state: RunState, newer: readonly RunState[], others: readonly RunState[]): boolean {
  if (!state.ended) return false;
  if (hasNewer(others, report)) return true;
  // "Skipped" goes on being shown too, and is a success ("Troubleshooting required status checks") once nothing may still bring the job.
  const unreached = report.state === "skipped" && newer.some(({ ended }) => !ended);
  const unfinished = report.state === "cancelled" || unreached;
  return newer.length > 0 && state.stoppedBy === "group" && unfinished && report.since === state.stoppedAt;
}

function hasNewer(runs: readonly RunState[], report: Report): boolean {
  return runs.some(({ reports }) => reports.some((other) => isNewer(other, report)));
}

/** Whether it reports the same job later. Of two of one second the newer run's is. */
function isNewer(other: Report, report: Report): boolean {
  if (other.name === null || other.name !== report.name) return false;
  if (other.created !== report.created) return other.created > report.created;
  return (other.run?.created ?? 0) > (report.run?.created ?? 0);
}

function isIn(runs: readonly RunState[], report: Report): boolean {
  return runs.some(({ reports }) => reports.some((other) => other.name !== null && other.name === report.name));
}
