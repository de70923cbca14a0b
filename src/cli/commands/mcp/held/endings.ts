import { sessionFamily } from "../../../../core/session.ts";
import { isRunning } from "../../../../core/states.ts";
import { isHeardBy } from "../../../../core/wait.ts";
import { type EndingNotice, type Inbox, InboxFolder } from "../../../../inbox/folder.ts";
import { logEnd, readTail } from "../../../../inbox/tail.ts";
import type { Store } from "../../../../store/store.ts";

/**
 * What ended for the sessions of one server, and was not told them: an inbox in memory for each. What a session's hooks keep in an
 * inbox of its own and have told there counts as told.
 */
export class Endings {
  readonly #inboxes = new Map<string, Inbox>();

  /** Begins to keep what ends for a session; without effect when it has. */
  open(session: string, store: Store): void {
    if (!this.#inboxes.has(session)) this.#inboxes.set(session, opened(session, store));
  }

  /** Endings that a session has not heard of, the oldest first. */
  unread(session: string, store: Store): readonly EndingNotice[] {
    const family = sessionFamily(session, store.read().links);
    const hooks = InboxFolder.all(store.paths.inbox).flatMap((folder) => {
      const kept = folder.read();
      return kept?.session === session && !kept.ended ? [readTail(kept, store.paths.state, family)] : [];
    });
    return this.#caughtUp(session, store).unread.filter(({ id }) => hooks.every((kept) => isUntold(id, kept)));
  }

  /** Notes that a session was told how a wait ended, as the log has it now. */
  told(session: string, waitId: string, store: Store): void {
    const inbox = this.#caughtUp(session, store);
    const unread = inbox.unread.filter(({ wait_id }) => wait_id !== waitId);
    this.#inboxes.set(session, { ...inbox, unread });
  }

  #caughtUp(session: string, store: Store): Inbox {
    const family = sessionFamily(session, store.read().links);
    const inbox = readTail(this.#inboxes.get(session) ?? opened(session, store), store.paths.state, family);
    this.#inboxes.set(session, inbox);
    return inbox;
  }
}

/** An inbox that begins now, with the waits that run. */
function opened(session: string, store: Store): Inbox {
  const { waits, links } = store.read();
  const family = sessionFamily(session, links);
  const running = [...waits.values()].filter((wait) => isRunning(wait.state) && isHeardBy(wait, family));
  return {
    version: 1,
    client: session,
    session,
    root: "",
    pid: 0,
    pid_start: "",
    ended: false,
    cursor: logEnd(store.paths.state),
    mine: running.map(({ wait_id }) => wait_id),
    unread: [],
    claims: [],
    offered: [],
    offers: { in_row: 0, total: 0 },
  };
}

function isUntold(id: string, { unread, claims }: Inbox): boolean {
  return unread.some((ending) => ending.id === id) && !claims.some(({ emitted, ids }) => emitted && ids.includes(id));
}
