import { appendFileSync } from "node:fs";
import type { Transition } from "../core/events.ts";
import { sessionFamily } from "../core/session.ts";
import { isRunning } from "../core/states.ts";
import type { Store } from "../store/store.ts";
import { InboxFolder } from "./inbox-file.ts";
import { isEnding, readTail } from "./inbox-tail.ts";

/** Waits whose end this very process prints: the session that ran it needs no second telling. */
const printedHere = new Set<string>();

/** This process is a foreground command of its session and prints the end of `waitId` itself. */
export function printsEndItself(waitId: string): void {
  printedHere.add(waitId);
}

/** Tells the inboxes of live sessions of a row that this process committed: a client that watches its wake file hears at once. */
export function nudge(store: Store, row: Transition): void {
  const running = isRunning(row.to_state);
  if (!running && !isEnding(row)) return;
  for (const folder of inboxesOf(store, row)) {
    if (running) folder.mark("waits", true);
    else if (!printedHere.has(row.wait_id)) {
      folder.mark("unread", true);
      appendFileSync(folder.wake, `${row.ts} ${row.wait_id} ${row.to_state}\n`, { mode: 0o600 });
    }
  }
}

/** A foreground command has printed how the wait ended: it leaves the inboxes of the session that ran the command. */
export async function printedEnd(store: Store, waitId: string, session: string): Promise<void> {
  for (const folder of InboxFolder.all(store.paths.inbox)) {
    if (folder.read()?.session !== session) continue;
    await folder.update((inbox) => {
      if (!inbox) return { inbox: null, result: undefined };
      const now = readTail(inbox, store.paths.state, sessionFamily(inbox.session, store.read().links));
      return { inbox: { ...now, unread: now.unread.filter(({ wait_id }) => wait_id !== waitId) }, result: undefined };
    });
  }
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
