import type { Suite } from "../checks.ts";

/** When a run may start its jobs and what stopped it, in ms. */
export interface Span {
  start: number | null;
  stopped: number | null;
  by: "group" | "person" | null;
}

/**
 * When a run starts, and whether it was stopped.
 *
 * Runs of one concurrency group, in the order in which they came: at most one runs and one is pending; a newer one takes the place of the
 * pending one, which is cancelled, and with `cancel-in-progress` also that of the running one. Names of groups are case-insensitive.
 * Source: docs.github.com, "Control the concurrency of workflows and jobs".
 */
export function spanOf(suite: Suite): Span {
  const group = suite.run?.concurrency?.group.toLowerCase();
  if (group === undefined) return alone(suite);
  const members = [...suite.repo.commits.values()]
    .flatMap((commit) => commit.suites)
    .filter((other) => other.run?.concurrency?.group.toLowerCase() === group);
  return inGroup(members).get(suite) ?? { start: null, stopped: suite.cancelledAt, by: "person" };
}

function alone(suite: Suite): Span {
  const stopped = suite.cancelledAt;
  return { start: suite.approvedAt, stopped, by: stopped === null ? null : "person" };
}

interface Group {
  running: { suite: Suite; until: number } | null;
  pending: Suite | null;
  readonly spans: Map<Suite, Span>;
}

function inGroup(members: Suite[]): Map<Suite, Span> {
  const group: Group = { running: null, pending: null, spans: new Map() };
  const arrivals = members
    .flatMap((suite) => (suite.approvedAt === null ? [] : [{ suite, at: suite.approvedAt }]))
    .sort((a, b) => a.at - b.at || a.suite.id - b.suite.id);
  for (const { suite, at } of arrivals) arrive(group, suite, at);
  advance(group, Number.MAX_SAFE_INTEGER);
  return group.spans;
}

function arrive(group: Group, suite: Suite, at: number): void {
  advance(group, at);
  if (group.pending) group.spans.set(group.pending, { start: null, stopped: at, by: "group" });
  group.pending = null;
  const busy = group.running?.suite;
  if (busy && suite.run?.concurrency?.cancelInProgress) {
    group.spans.set(busy, { start: group.spans.get(busy)?.start ?? null, stopped: at, by: "group" });
    group.running = null;
  }
  if (group.running) group.pending = suite;
  else start(group, suite, at);
}

/** Lets what ends until then end, and what is pending behind it start. */
function advance(group: Group, to: number): void {
  for (let busy = group.running; busy && busy.until <= to; busy = group.running) {
    const next = group.pending;
    group.running = null;
    group.pending = null;
    if (next) start(group, next, busy.until);
  }
}

function start(group: Group, suite: Suite, at: number): void {
  const stopped = suite.cancelledAt;
  if (stopped !== null && stopped <= at) {
    group.spans.set(suite, { start: null, stopped, by: "person" });
    return;
  }
  const length = suite.length();
  const end = length === null ? Number.POSITIVE_INFINITY : at + length;
  const until = Math.min(stopped ?? end, end);
  const cut = stopped !== null && stopped < end;
  group.spans.set(suite, { start: at, stopped: cut ? stopped : null, by: cut ? "person" : null });
  group.running = { suite, until };
}
