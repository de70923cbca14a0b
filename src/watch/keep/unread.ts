import { sessionFamily } from "../../core/session.ts";
import { InboxFolder } from "../../inbox/folder.ts";
import { readTail } from "../../inbox/tail.ts";
import type { Store } from "../../store/store.ts";

/** Ids of the waits whose ending a session has still to be told, and the commits that they were about. */
export function unreadEndings(store: Store): {
  readonly waits: ReadonlySet<string>;
  readonly commits: readonly string[];
} {
  const { links } = store.read();
  const unread = InboxFolder.all(store.paths.inbox).flatMap((folder) => {
    const inbox = folder.read();
    return inbox ? readTail(inbox, store.paths.state, sessionFamily(inbox.session, links)).unread : [];
  });
  return {
    waits: new Set(unread.map(({ wait_id }) => wait_id)),
    commits: unread.flatMap(({ sha }) => sha ?? []),
  };
}
