import { parseTimestamp } from "../base/clock.ts";
import { isObject, type Json } from "../base/json.ts";
import type { P9Event, Transition } from "../core/events.ts";
import type { Outcome, State } from "../core/states.ts";
import type { Interval } from "./intervals.ts";

/** One stretch of watching: from WATCHING to its verdict (or until now, while `state` is WATCHING). */
export interface Cycle extends Interval {
  readonly wait_id: string;
  readonly kind: string;
  readonly traits?: Json;
  readonly ref: string;
  readonly repo: string | null;
  readonly session: string;
  readonly attempt: number;
  /** State that ended it. */
  readonly state: State;
  readonly outcome: Outcome | null;
  readonly reason: string;
  /** From the end at the provider to the verdict in the log, when the provider says when it ended. */
  readonly verdictLagS: number | null;
}

/** What the log says of waits, in one pass over it. */
export interface LogFold {
  readonly cycles: readonly Cycle[];
  /** Waits that were registered. */
  readonly waits: number;
  readonly heals: { readonly attempted: number; readonly succeeded: number; readonly escalated: number };
  /** Failures that were classified as flaky tests. */
  readonly flakes: number;
  /** Commits (`repo sha`) whose failure was told not to pass when it runs again. */
  readonly lasting: ReadonlySet<string>;
  /** Any id of a session → the id that stands for all that are linked to it. */
  family(session: string): string;
}

/**
 * Folds the log's events, oldest first; what is only counted (waits, heals, flakes) is counted from `since` on. A hand-back
 * (WATCHING → PUSHED) ends a stretch without a verdict.
 */
export function foldLog(events: Iterable<P9Event>, now: number, since = Number.NEGATIVE_INFINITY): LogFold {
  const open = new Map<string, Transition>();
  const cycles: Cycle[] = [];
  const parents = new Map<string, string>();
  const healing = new Set<string>();
  const heals = { attempted: 0, succeeded: 0, escalated: 0 };
  let waits = 0;
  let flakes = 0;
  const lasting = new Set<string>();
  for (const event of events) {
    if (event.type === "session.link") parents.set(find(parents, event.session_id), find(parents, event.linked_to));
    const counts = parseTimestamp(event.ts) >= since;
    if (event.type !== "transition") continue;
    if (event.from_state === null && counts) waits++;
    if (counts) countHeal(event, healing, heals);
    if (counts && isFlake(event)) flakes++;
    if (counts && isLasting(event)) lasting.add(commitOf(event));
    const start = open.get(event.wait_id);
    if (start && event.to_state !== "WATCHING") {
      cycles.push(cycleOf(start, event));
      open.delete(event.wait_id);
    }
    if (event.to_state === "WATCHING" && !start) open.set(event.wait_id, event);
  }
  for (const start of open.values()) cycles.push({ ...cycleOf(start, start), to: now });
  return { cycles, waits, heals, flakes, lasting, family: (session) => find(parents, session) };
}

function cycleOf(start: Transition, end: Transition): Cycle {
  const from = parseTimestamp(start.ts);
  const to = Math.max(from, parseTimestamp(end.ts));
  const { outcome, reason, target_ended_at: endedAt, decided_at: decidedAt } = end.extra;
  const ended = typeof endedAt === "number" && endedAt >= from && endedAt <= to + 1000 ? endedAt : null;
  return {
    from,
    to,
    wait_id: end.wait_id,
    kind: end.kind,
    traits: end.extra.traits,
    ref: end.ref,
    repo: end.repo,
    session: end.session_id,
    attempt: end.attempt,
    state: end.to_state,
    outcome: (outcome as Outcome | undefined) ?? null,
    reason: reason ?? "",
    verdictLagS: ended === null ? null : Math.max(0, ((typeof decidedAt === "number" ? decidedAt : to) - ended) / 1000),
  };
}

/** A heal is attempted when a wait turns HEALING, and has succeeded when that wait is GREEN before it is red again. */
function countHeal(
  { wait_id, to_state }: Transition,
  healing: Set<string>,
  heals: { attempted: number; succeeded: number; escalated: number },
): void {
  if (to_state === "HEALING") {
    healing.add(wait_id);
    heals.attempted++;
  } else if (to_state === "ESCALATED") {
    heals.escalated++;
  } else if (to_state !== "WATCHING" && to_state !== "PUSHED" && healing.delete(wait_id)) {
    if (to_state === "GREEN" || to_state === "MERGED") heals.succeeded++;
  }
}

function isFlake({ to_state, extra }: Transition): boolean {
  return (
    to_state.startsWith("RED") && isObject(extra.classification) && extra.classification.failure_type === "test_flaky"
  );
}

/** Whether a failure was understood, and not as one that passes when it runs again. */
function isLasting({ to_state, extra: { classification: found } }: Transition): boolean {
  if (!to_state.startsWith("RED") || !isObject(found)) return false;
  return found.transient === false && typeof found.confidence === "number" && found.confidence > 0;
}

/** The key of a commit in {@link LogFold.lasting}. */
export function commitOf({ repo, sha }: { readonly repo: string | null; readonly sha: string | null }): string {
  return `${repo?.toLowerCase() ?? ""} ${sha ?? ""}`;
}

function find(parents: Map<string, string>, session: string): string {
  let root = session;
  for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
  return root;
}
