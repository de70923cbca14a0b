import type { P9Event } from "../core/events.ts";
import type { State } from "../core/states.ts";

/** States whose coming somebody waits for. */
const ENDINGS: readonly State[] = [
  "GREEN",
  "RED_CLASSIFIED",
  "RED_UNCLASSIFIED",
  "MERGE_READY",
  "MERGED",
  "ESCALATED",
  "ABANDONED",
];
/** Endings that the user made, or that nobody waits for. */
const SILENT_OUTCOMES = ["superseded", "abandoned", "no_pr"];

/** Whether people are told of an event; cheap, and asked of every one. */
export function isTold(event: P9Event): boolean {
  if (event.type === "wait.stuck") return true;
  if (event.type !== "transition") return false;
  const { from_state: from, to_state: to } = event;
  if (SILENT_OUTCOMES.includes(event.extra.outcome ?? "")) return false;
  if (from === "MERGE_READY") return true;
  // A verdict that is only named anew ends nothing.
  return ENDINGS.includes(to) && !(from?.startsWith("RED") && to.startsWith("RED"));
}
