import type { NewEvent } from "../core/events.ts";
import { mayFollow } from "../core/states.ts";
import type { View } from "./fold.ts";

/**
 * Checks an event from the spool. Keeps it if the state machine still allows it; turns the registration of a target that is
 * watched by now into a subscription; keeps anything else as a note, so that nothing is lost.
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
