import type { PrWorld, RunSpec } from "../world.ts";
import { type JobTimes, type Span, timesOf } from "./runs.ts";

/** Something that reports on a commit, as it stands at one instant. */
export interface Report {
  readonly kind: "check" | "status";
  /** Null: a run that shows no job. */
  readonly name: string | null;
  readonly app: string | null;
  /** Runs of one workflow and event, of which newer ones replace older ones. Null for other apps and statuses. */
  readonly line: string | null;
  readonly run: RunSpec | null;
  readonly state:
    | "queued"
    | "running"
    | "waiting"
    | "passed"
    | "skipped"
    | "failed"
    | "cancelled"
    | "refused"
    | "approval";
  /** What a waiting one waits for. */
  readonly waits: "group" | "timer" | "rule" | "reviewers" | null;
  /** Since when it stands like that. */
  readonly since: number;
  /** When it was created: a re-run's report is newer than those of runs that were created meanwhile. */
  readonly created: number;
}

/** A run as it stands at one instant. */
export interface RunState {
  readonly run: RunSpec;
  readonly reports: readonly Report[];
  /** Whether all of its jobs are over, those to come included: its check suite is `COMPLETED`. */
  readonly ended: boolean;
  /** Whether all of its jobs that are not over wait for a person. */
  readonly held: boolean;
  readonly stoppedBy: Span["by"];
  readonly stoppedAt: number | null;
}

const PASSED = new Set(["SUCCESS", "NEUTRAL"]);

/**
 * What a conclusion means. Successful are `success`, `skipped` and `neutral` (docs.github.com, "Troubleshooting required status checks",
 * "Required check needs to succeed against the latest commit SHA"); the table of the others is in "Status checks".
 */
function stateOf(conclusion: string): Report["state"] {
  if (PASSED.has(conclusion)) return "passed";
  if (conclusion === "SKIPPED") return "skipped";
  if (conclusion === "CANCELLED") return "cancelled";
  if (conclusion === "ACTION_REQUIRED") return "approval";
  return "failed";
}

/** A run at that instant; null before its creation. */
export function runAt(run: RunSpec, span: Span, t: number): RunState | null {
  if (t < run.created) return null;
  const line = `${run.workflow} ${run.event}`;
  const base = { kind: "check", app: "github-actions", line, run, waits: null } as const;
  const alone = (state: Report["state"], since: number, waits: Report["waits"] = null): Report => ({
    ...base,
    name: null,
    state,
    since,
    waits,
    created: run.created,
  });
  const going = { run, held: false, stoppedBy: null, stoppedAt: null } as const;
  if (run.broken) return { ...going, reports: [alone("failed", run.created)], ended: true };
  const stopped = span.stopped !== null && t >= span.stopped ? span.stopped : null;
  if (span.start === null || t < span.start) {
    if (stopped !== null) {
      const reports = [alone("cancelled", stopped)];
      return { run, reports, ended: true, held: false, stoppedBy: span.by, stoppedAt: stopped };
    }
    if (run.approved !== undefined && (run.approved === null || t < run.created + run.approved)) {
      // "Approve a workflow run for a fork pull request": conclusion `action_required`, no job.
      return { ...going, reports: [alone("approval", run.created)], ended: false, held: true };
    }
    return { ...going, reports: [alone("waiting", run.created, "group")], ended: false };
  }
  const attempts = attemptsOf(run, span, t);
  const shown = attempts.filter(({ times, first }) => t >= times.appears || (first && stopped !== null));
  const reports = shown.map(({ times, first }) => reportOf(times, base, t, first ? stopped : null));
  const left = attempts.filter(
    ({ times, first }) => !(first && stopped !== null) && (times.ends === null || t < times.ends),
  );
  const ended = left.length === 0;
  const held = !ended && left.every(({ times }) => isHeld(times, t));
  const empty = reports.length === 0 ? [alone("queued", span.start)] : [];
  const stoppedBy = stopped === null ? null : span.by;
  return { run, reports: [...reports, ...empty], ended, held, stoppedBy, stoppedAt: stopped };
}

function isHeld({ job, appears, released }: JobTimes, t: number): boolean {
  return job.environment?.by === "reviewers" && t >= appears && (released === null || t < released);
}

interface Attempt {
  readonly times: JobTimes;
  readonly first: boolean;
}

/** Of each job its latest attempt: a re-run replaces the failed (or all) jobs of its run. Source: "Re-run workflows and jobs". */
function attemptsOf(run: RunSpec, span: Span, t: number): Attempt[] {
  const start = span.start ?? 0;
  const jobs: Attempt[] = run.jobs.map((job) => ({ times: timesOf(job, start), first: true }));
  for (const [index, { at, which }] of run.reruns.entries()) {
    if (t < at) break;
    for (const [slot, { times, first }] of jobs.entries()) {
      const stopped = first && span.stopped !== null && times.ends !== null && span.stopped < times.ends;
      const bad = stopped || !["SUCCESS", "SKIPPED"].includes(times.conclusion);
      if (which === "failed" && !bad) continue;
      const next = times.job.again[index] ?? { ends: 5, conclusion: "SUCCESS" };
      const { job } = times;
      const again = {
        job: { ...job, refused: undefined },
        appears: at,
        released: at,
        starts: at,
        ends: at + next.ends,
      };
      jobs[slot] = { times: { ...again, conclusion: next.conclusion }, first: false };
    }
  }
  return jobs;
}

function reportOf(
  times: JobTimes,
  base: Omit<Report, "name" | "state" | "since" | "created">,
  t: number,
  stopped: number | null,
): Report {
  const { job, appears, released, starts, ends } = times;
  const report = (state: Report["state"], since: number, waits: Report["waits"] = null): Report => ({
    ...base,
    name: job.name,
    state,
    since,
    waits,
    created: appears,
  });
  const until = stopped ?? t;
  if (ends !== null && until >= ends) return report(job.refused ? "refused" : stateOf(times.conclusion), ends);
  // What was stopped before it was created shows as skipped, else as cancelled.
  if (stopped !== null) return report(stopped >= appears ? "cancelled" : "skipped", stopped);
  if (released === null || t < released) return report("waiting", appears, job.environment?.by ?? null);
  return starts !== null && t >= starts ? report("running", starts) : report("queued", released);
}

/** What other apps and statuses say of a head at that instant. */
export function othersAt(world: PrWorld, head: number, t: number): Report[] {
  const none = { line: null, run: null, waits: null } as const;
  const checks = world.checks
    .filter((check) => check.head === head && t >= check.appears)
    .map(({ name, app, appears, starts, ends, conclusion }): Report => {
      const at = { ...none, kind: "check", name, app, created: appears } as const;
      if (ends !== null && t >= ends) return { ...at, state: stateOf(conclusion), since: ends };
      return starts !== null && t >= starts
        ? { ...at, state: "running", since: starts }
        : { ...at, state: "queued", since: appears };
    });
  const statuses = world.statuses
    .filter((status) => status.head === head)
    .flatMap(({ context, app, states }): Report[] => {
      const last = states.filter(([at]) => t >= at).at(-1);
      if (!last) return [];
      const [since, state] = last;
      const words = { PENDING: "running", SUCCESS: "passed", FAILURE: "failed", ERROR: "failed" } as const;
      return [{ ...none, kind: "status", name: context, app, state: words[state], since, created: since }];
    });
  return [...checks, ...statuses];
}
