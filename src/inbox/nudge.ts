import { appendFileSync } from "node:fs";
import { isEnding } from "../core/announce.ts";
import type { Transition } from "../core/events.ts";
import { sessionFamily } from "../core/session.ts";
import { isRunning } from "../core/states.ts";
import type { Store } from "../store/store.ts";
import { attendedWaits } from "./attended.ts";
import { InboxFolder } from "./folder.ts";

/**
 * Writes a row that this process committed to the wake files of live sessions, so that their clients read it at once. Returns the inboxes
 * that have an ending of it.
 */
export function nudge(store: Store, row: Transition): readonly InboxFolder[] {
  const running = isRunning(row.to_state);
  if (!running && !isEnding(row)) return [];
  const told: InboxFolder[] = [];
  for (const folder of inboxesOf(store, row)) {
    if (running) folder.mark("waits", true);
    else {
      folder.mark("unread", true);
      if (attendedWaits(folder).has(row.wait_id)) continue;
      appendFileSync(folder.wake, `${row.ts} ${row.wait_id} ${row.to_state}\n`, { mode: 0o600 });
      told.push(folder);
    }
  }
  return told;
}

/** Inboxes of sessions that a wait belongs to: its own, those that subscribed, and those that go on from them. */
function inboxesOf(store: Store, row: Transition): InboxFolder[] {
  const view = store.read();
  const owners = [row.session_id, ...(view.waits.get(row.wait_id)?.subscribers ?? [])];
  return InboxFolder.all(store.paths.inbox).filter((folder) => {
    const inbox = folder.read();
    if (!inbox || inbox.ended) return false;
    const family = sessionFamily(inbox.session, view.links);
    return owners.some((owner) => family.has(owner));
  });
}
