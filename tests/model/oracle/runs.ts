import type { JobSpec, PrWorld, RunSpec } from "../world.ts";

/** One instant or never. */
type Instant = number | null;

/** When a run's jobs may start, and what stopped it. */
export interface Span {
  readonly start: Instant;
  readonly stopped: Instant;
  readonly by: "group" | "person" | null;
}

/** One attempt of one job, on the world's clock. */
export interface JobTimes {
  readonly job: JobSpec;
  readonly appears: number;
  /** When its environment lets it go; `appears` without one. */
  readonly released: Instant;
  readonly starts: Instant;
  readonly ends: Instant;
  readonly conclusion: string;
}

/** When a run needs nobody's approval (any more). */
function readyAt({ created, approved }: RunSpec): Instant {
  if (approved === undefined) return created;
  return approved === null ? null : created + approved;
}

function cancelledAt({ created, cancelled }: RunSpec): Instant {
  return cancelled === undefined ? null : created + cancelled;
}

/** The times of a job in the first attempt of a run that started then. */
export function timesOf(job: JobSpec, start: number): JobTimes {
  const appears = start + job.appears;
  const { environment, conclusion } = job;
  const released = !environment ? appears : environment.released === null ? null : appears + environment.released;
  // Without an environment plans count from the run's start, with one from the release.
  const from = environment ? released : start;
  const after = (seconds: number | null) => (seconds === null || from === null ? null : from + seconds);
  return { job, appears, released, starts: after(job.starts), ends: after(job.ends), conclusion };
}

function endOf(run: RunSpec, start: number): number {
  const ends = run.jobs.map((job) => timesOf(job, start).ends ?? Number.POSITIVE_INFINITY);
  return Math.max(start, ...ends);
}

/**
 * When each run starts and what stops it.
 *
 * A concurrency group holds at most one running and one pending run; a newer one cancels the pending one, and with `cancel-in-progress` the
 * running one too. Names of groups are case-insensitive. Source: docs.github.com, "Control the concurrency of workflows and jobs".
 */
export function spansOf(world: PrWorld): Map<RunSpec, Span> {
  const spans = new Map<RunSpec, Span>();
  const groups = new Map<string, RunSpec[]>();
  for (const run of world.runs) {
    if (run.group) {
      const name = run.group.name.toLowerCase();
      groups.set(name, [...(groups.get(name) ?? []), run]);
      continue;
    }
    const start = readyAt(run);
    const stopped = cancelledAt(run);
    const cut = stopped !== null && (start === null || stopped < endOf(run, start)) ? stopped : null;
    spans.set(run, {
      start: start !== null && cut !== null && cut <= start ? null : start,
      stopped: cut,
      by: cut === null ? null : "person",
    });
  }
  for (const members of groups.values()) for (const [run, span] of spansInGroup(members)) spans.set(run, span);
  return spans;
}

function spansInGroup(members: RunSpec[]): Map<RunSpec, Span> {
  const found = new Map<RunSpec, Span>();
  const arrivals = members
    .flatMap((run) => {
      const at = readyAt(run);
      return at === null ? [] : [{ run, at }];
    })
    .sort((a, b) => a.at - b.at);
  // Each arrival takes the place of who waits; who waits begins when who runs is over.
  let busy: { run: RunSpec; over: number } | null = null;
  let waiting: RunSpec | null = null;
  const begin = (run: RunSpec, at: number) => {
    const stopped = cancelledAt(run);
    if (stopped !== null && stopped <= at) {
      found.set(run, { start: null, stopped, by: "person" });
      return null;
    }
    const over = endOf(run, at);
    const cut = stopped !== null && stopped < over ? stopped : null;
    found.set(run, { start: at, stopped: cut, by: cut === null ? null : "person" });
    return { run, over: cut ?? over };
  };
  for (const { run, at } of [...arrivals, { run: null, at: Number.POSITIVE_INFINITY }]) {
    while (busy && busy.over <= at && busy.over < Number.POSITIVE_INFINITY) {
      const { over }: { over: number } = busy;
      busy = waiting ? begin(waiting, over) : null;
      waiting = null;
    }
    if (!run) break;
    if (waiting) found.set(waiting, { start: null, stopped: at, by: "group" });
    waiting = null;
    if (busy && run.group?.cancelInProgress) {
      const { run: old }: { run: RunSpec } = busy;
      found.set(old, { start: found.get(old)?.start ?? null, stopped: at, by: "group" });
      busy = null;
    }
    if (busy) waiting = run;
    else busy = begin(run, at);
  }
  for (const run of members) {
    if (found.has(run)) continue;
    const stopped = cancelledAt(run);
    found.set(run, { start: null, stopped, by: stopped === null ? null : "person" });
  }
  return found;
}
