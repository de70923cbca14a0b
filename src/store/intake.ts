import type { NewEvent } from "../core/events.ts";
import { mayFollow } from "../core/states.ts";
import type { View } from "./fold.ts";

/**
 * What becomes of an event that a hook left in the spool some time ago: it stands if the state machine still allows it; the
 * registration of what is watched by now becomes a subscription; anything else is kept as a note, so that nothing is lost.
 */
export function acceptSpooled(event: NewEvent, view: View): readonly NewEvent[] {
  if (event.type !== "transition") return [event];
  const { key } = event.extra;
  if (event.from_state === null) {
    const open = key === undefined ? null : view.findOpen(event.kind, key);
    if (open) return [{ type: "wait.subscribed", wait_id: open.wait_id, session_id: event.session_id }];
  }
  const from = view.waits.get(event.wait_id)?.state ?? null;
  if (event.from_state === from && mayFollow(from, event.to_state)) return [event];
  return [
    {
      type: "driver.spool_rejected",
      wait_id: event.wait_id,
      to_state: event.to_state,
      reason: `it is ${from ?? "not there"} by now`,
    },
  ];
}
