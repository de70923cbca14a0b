import type { P9Event, Transition } from "./events.ts";
import { isRunning, type State } from "./states.ts";

/** Recipients of an event: the wait's sessions, through their inbox; people, through their channels. */
type Audience = "session" | "people";

/** THE TABLE: the meaning of a transition for those who wait, and its recipients. */
const HEARD_BY = {
  /** The watch ended. */
  ended: ["session", "people"],
  /** A pull request that was ready to merge turned red. */
  broken: ["session", "people"],
  /** What follows the end without another watch: ready to merge or no longer, escalated, merged, closed. */
  followed: ["people"],
  /** It runs (again), or nothing relevant changed. */
  nothing: [],
} as const satisfies Record<string, readonly Audience[]>;

/** Outcomes that the user caused or that no one waits for: no pull request came, another watch took over, it was abandoned. */
const SILENT_OUTCOMES: readonly string[] = ["no_pr", "superseded", "abandoned"];

/** Whether a transition ends a watch for the sessions that wait. */
export function isEnding(row: Transition): boolean {
  return isHeardBy("session", row);
}

/** Whether people are notified of an event. */
export function isTold(event: P9Event): boolean {
  if (event.type === "wait.stuck") return true;
  return event.type === "transition" && isHeardBy("people", event);
}

function isHeardBy(audience: Audience, row: Transition): boolean {
  const heard: readonly Audience[] = HEARD_BY[meaningOf(row)];
  return heard.includes(audience);
}

function meaningOf(row: Transition): keyof typeof HEARD_BY {
  const { from_state: from, to_state: to, extra } = row;
  if (isSilent(extra)) return "nothing";
  // A row without an outcome (the Python p9's) gives a session nothing to act on.
  const hasOutcome = extra.outcome !== undefined;
  if (from === "MERGE_READY") return isRed(to) && hasOutcome ? "broken" : "followed";
  if (isRunning(to)) return "nothing";
  if (from === null || isRunning(from)) return hasOutcome ? "ended" : "followed";
  // The same verdict under another name.
  return isRed(from) && isRed(to) ? "nothing" : "followed";
}

function isSilent({ outcome = "", cause, silent }: Transition["extra"]): boolean {
  // A refused heal returns to a red that was announced before; the command itself reports why.
  return silent === true || cause === "heal-refused" || SILENT_OUTCOMES.includes(outcome);
}

function isRed(state: State): boolean {
  return state === "RED_CLASSIFIED" || state === "RED_UNCLASSIFIED";
}
