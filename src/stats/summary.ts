import type { AllMinutes } from "./ci-minutes.ts";
import type { Cycle, LogFold } from "./cycles.ts";
import { type Interval, intersection, measure } from "./intervals.ts";

/** Work that a session had taken from the queue, as long as it had it. */
export interface WorkSpan extends Interval {
  readonly id: string;
  readonly item: string;
  readonly source: string;
  readonly session: string;
  readonly done: boolean;
}

/** Seconds of something that happened several times. */
export interface Spread {
  readonly count: number;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

/** Figures of one group of waits. */
export interface GroupStats {
  readonly name: string;
  readonly waits: number;
  readonly green: number;
  readonly red: number;
  readonly other: number;
  readonly waited_s: number;
}

/** The document of `p9 stats --json`; every time in seconds. */
export interface Stats {
  readonly since: string | null;
  readonly until: string;
  /** Stretches of watching, each with one verdict or still running. */
  readonly waits: number;
  readonly open: number;
  /** Sum over all waits. */
  readonly waited_s: number;
  /** Time in which a session waited for at least one thing, summed over sessions. */
  readonly blocked_s: number;
  /** The part of `blocked_s` in which the same session had work from the queue that it did. */
  readonly reclaimed_s: number;
  /** `reclaimed_s / blocked_s`, 0 to 1; null when nothing was waited for. */
  readonly reclaimed_share: number | null;
  /** Pieces of work that were taken and that were done, and the time of the latter; then those that were taken and not done. */
  readonly work: {
    readonly items: number;
    readonly done: number;
    readonly time_s: number;
    readonly not_done: number;
    readonly not_done_s: number;
  };
  /** From the verdict in the log to the moment when the session had it. */
  readonly wake_latency_s: Spread;
  /** From the end at the provider to the verdict in the log. */
  readonly verdict_latency_s: Spread;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly heals: {
    readonly attempted: number;
    readonly succeeded: number;
    readonly escalated: number;
    readonly success_rate: number | null;
  };
  readonly flakes: number;
  readonly github_points: number;
  readonly ci_minutes: AllMinutes;
  readonly by_kind: readonly GroupStats[];
  readonly by_repo: readonly GroupStats[];
  readonly by_day: readonly GroupStats[];
}

/** What the summary is made of. */
export interface StatsInput {
  readonly log: LogFold;
  readonly work: readonly WorkSpan[];
  readonly wakes: readonly number[];
  readonly githubPoints: number;
  readonly ciMinutes: AllMinutes;
  /** Jobs that both failed and passed on one tree. */
  readonly flakes: number;
  /** Milliseconds since the epoch; null: everything. */
  readonly since: number | null;
  readonly now: number;
}

/** The figures of the time from `since` to `now`; a wait or a lease that reaches into it counts with the part inside. */
export function summarize({ log, work, wakes, githubPoints, ciMinutes, flakes, since, now }: StatsInput): Stats {
  const from = since ?? Number.NEGATIVE_INFINITY;
  const cycles = clip(log.cycles, from, now);
  const spans = clip(work, from, now);
  const done = spans.filter((span) => span.done);
  const taken = spans.filter((span) => !span.done);
  const { blocked, reclaimed } = reclaimedTime(cycles, done, log);
  const verdicts = cycles.filter((cycle) => cycle.state !== "WATCHING" && cycle.state !== "PUSHED");
  const { attempted, succeeded, escalated } = log.heals;
  return {
    since: since === null ? null : new Date(since).toISOString(),
    until: new Date(now).toISOString(),
    waits: cycles.length,
    open: cycles.filter((cycle) => cycle.state === "WATCHING").length,
    waited_s: seconds(cycles.reduce((sum, cycle) => sum + cycle.to - cycle.from, 0)),
    blocked_s: seconds(blocked),
    reclaimed_s: seconds(reclaimed),
    reclaimed_share: blocked > 0 ? round(reclaimed / blocked, 3) : null,
    work: {
      items: spans.length,
      done: done.length,
      time_s: seconds(measure(done)),
      not_done: taken.length,
      not_done_s: seconds(measure(taken)),
    },
    wake_latency_s: spread(wakes),
    verdict_latency_s: spread(cycles.flatMap((cycle) => (cycle.verdictLagS === null ? [] : [cycle.verdictLagS]))),
    verdicts: count(verdicts.map((cycle) => cycle.outcome ?? cycle.state.toLowerCase())),
    heals: { attempted, succeeded, escalated, success_rate: attempted > 0 ? round(succeeded / attempted, 3) : null },
    flakes: Math.max(flakes, log.flakes),
    github_points: githubPoints,
    ci_minutes: ciMinutes,
    by_kind: groups(cycles, (cycle) => cycle.kind),
    by_repo: groups(cycles, (cycle) => cycle.repo ?? "(no repository)"),
    by_day: groups(cycles, (cycle) => localDay(cycle.from)).sort((a, b) => (a.name < b.name ? 1 : -1)),
  };
}

/** Time waited and time reclaimed, each session family on its own: what one does meanwhile does not shorten another's wait. */
function reclaimedTime(cycles: readonly Cycle[], work: readonly WorkSpan[], log: Pick<LogFold, "family">) {
  const waitsOf = bySession(cycles, log);
  const workOf = bySession(work, log);
  let blocked = 0;
  let reclaimed = 0;
  for (const [session, waits] of waitsOf) {
    blocked += measure(waits);
    reclaimed += measure(intersection(waits, workOf.get(session) ?? []));
  }
  return { blocked, reclaimed };
}

function bySession<T extends { readonly session: string }>(
  items: readonly T[],
  log: Pick<LogFold, "family">,
): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const session = log.family(item.session);
    const list = found.get(session);
    if (list) list.push(item);
    else found.set(session, [item]);
  }
  return found;
}

function clip<T extends Interval>(items: readonly T[], from: number, to: number): T[] {
  return items
    .filter((item) => item.to >= from && item.from <= to)
    .map((item) => ({ ...item, from: Math.max(item.from, from), to: Math.min(item.to, to) }));
}

function groups(cycles: readonly Cycle[], nameOf: (cycle: Cycle) => string): GroupStats[] {
  const found = new Map<string, { green: number; red: number; other: number; waits: number; ms: number }>();
  for (const cycle of cycles) {
    const group = found.get(nameOf(cycle)) ?? { green: 0, red: 0, other: 0, waits: 0, ms: 0 };
    group[colour(cycle)]++;
    group.waits++;
    group.ms += cycle.to - cycle.from;
    found.set(nameOf(cycle), group);
  }
  return [...found]
    .map(([name, { ms, ...counts }]) => ({ name, ...counts, waited_s: seconds(ms) }))
    .sort((a, b) => b.waited_s - a.waited_s || (a.name < b.name ? -1 : 1));
}

function colour({ state }: Cycle): "green" | "red" | "other" {
  if (state === "GREEN" || state === "MERGED") return "green";
  return state === "RED_CLASSIFIED" || state === "RED_UNCLASSIFIED" || state === "ESCALATED" ? "red" : "other";
}

/** Median, 95th percentile (nearest rank) and maximum. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return value === undefined ? null : round(value, 1);
  };
  return { count: sorted.length, median: at(0.5), p95: at(0.95), max: at(1) };
}

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function localDay(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
