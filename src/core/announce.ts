import type { P9Event, Transition } from "./events.ts";
import { isRunning, type State } from "./states.ts";

/** Who can hear of an event: the sessions that the wait belongs to, through their inbox; people, through their channels. */
type Audience = "session" | "people";

/** THE TABLE: what a transition is to those who wait, and who hears of it. */
const HEARD_BY = {
  /** The watch came to its end. */
  ended: ["session", "people"],
  /** What was ready to merge has turned red. */
  broken: ["session", "people"],
  /** What follows the end without another watch: ready to merge or no longer, escalated, merged, closed. */
  followed: ["people"],
  /** It runs (again), or nothing has changed for anybody. */
  nothing: [],
} as const satisfies Record<string, readonly Audience[]>;

/** Outcomes that the user made or that nobody waits for: no pull request came, another watch took over, it was given up. */
const SILENT_OUTCOMES: readonly string[] = ["no_pr", "superseded", "abandoned"];

/** Whether a transition ends a watch for the sessions that wait. */
export function isEnding(row: Transition): boolean {
  return isHeardBy("session", row);
}

/** Whether people are told of an event. */
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
  // A row without an outcome (the Python p9's) tells a session nothing that it could act on.
  const hasOutcome = extra.outcome !== undefined;
  if (from === "MERGE_READY") return isRed(to) && hasOutcome ? "broken" : "followed";
  if (isRunning(to)) return "nothing";
  if (from === null || isRunning(from)) return hasOutcome ? "ended" : "followed";
  // A verdict that is only named anew.
  return isRed(from) && isRed(to) ? "nothing" : "followed";
}

function isSilent({ outcome = "", cause, silent }: Transition["extra"]): boolean {
  // A heal that was refused leads back to the red that was told before; the command that tried says why.
  return silent === true || cause === "heal-refused" || SILENT_OUTCOMES.includes(outcome);
}

function isRed(state: State): boolean {
  return state === "RED_CLASSIFIED" || state === "RED_UNCLASSIFIED";
}
