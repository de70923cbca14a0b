import { timestamp } from "../../src/base/clock.ts";
import type { P9Event, Transition } from "../../src/core/events.ts";
import type { State } from "../../src/core/states.ts";
import { ciMinutes } from "../../src/stats/ci-minutes.ts";
import type { WorkSpan } from "../../src/stats/summary.ts";

/** 9 o'clock of a day, in milliseconds. */
export const MORNING = new Date(2026, 10, 19, 9, 0, 0).getTime();
export const MINUTE = 60_000;

/** No job was seen to end. */
export const NO_MINUTES = ciMinutes({ minutes: [], ledger: [], lasting: new Set(), since: 0 });

/** One row of a wait's history. */
export function row(
  wait: string,
  at: number,
  from: State | null,
  to: State,
  more: Partial<Transition> = {},
): Transition {
  return {
    type: "transition",
    ts: timestamp(at),
    wait_id: wait,
    kind: "pr-ci",
    ref: "#42",
    pr: 42,
    repo: "o/r",
    sha: null,
    from_state: from,
    to_state: to,
    watcher_id: "w1",
    attempt: 0,
    evaluator_score: null,
    session_id: "s1",
    extra: {},
    ...more,
  };
}

/** A wait that is registered, watched from `fromMin` and ends at `toMin` (minutes after nine). */
export function wait(id: string, fromMin: number, toMin: number, to: State, more: Partial<Transition> = {}): P9Event[] {
  const start = MORNING + fromMin * MINUTE;
  const end = MORNING + toMin * MINUTE;
  return [
    row(id, start, null, "PUSHED", more),
    row(id, start, "PUSHED", "WATCHING", more),
    row(id, end, "WATCHING", to, more),
  ];
}

/** A piece of work that was taken at `fromMin` and given back or done at `toMin`. */
export function workSpan(id: string, fromMin: number, toMin: number, more: Partial<WorkSpan> = {}): WorkSpan {
  return {
    id,
    item: `work ${id}`,
    source: "session",
    session: "s1",
    done: true,
    from: MORNING + fromMin * MINUTE,
    to: MORNING + toMin * MINUTE,
    ...more,
  };
}
