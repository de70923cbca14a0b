import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sessionFamily } from "../core/session.ts";
import { signalProcess } from "../process/exec.ts";
import type { Store } from "../store/store.ts";
import { InboxFolder } from "./folder.ts";
import { readTail } from "./tail.ts";

/** A foreground command that will print how a wait ends. */
export interface Attending {
  /** It printed it: the ending leaves the session's inbox. */
  printed(): Promise<void>;
  /** It does not print any more. */
  release(): void;
}

/**
 * Says that this process prints the end of a wait in `session`, so that no hook tells it meanwhile. The note ends with the
 * process.
 */
export function attend(store: Store, waitId: string, session: string): Attending {
  const folders = InboxFolder.all(store.paths.inbox).filter((folder) => folder.read()?.session === session);
  const files = folders.map((folder) => join(folder.path, `attending.${waitId}.${process.pid}`));
  for (const file of files) writeFileSync(file, "", { mode: 0o600 });
  return {
    async printed() {
      const links = store.read().links;
      for (const folder of folders)
        await folder.update((inbox) => {
          if (!inbox) return { inbox: null, result: undefined };
          const now = readTail(inbox, store.paths.state, sessionFamily(inbox.session, links));
          return {
            inbox: { ...now, unread: now.unread.filter(({ wait_id }) => wait_id !== waitId) },
            result: undefined,
          };
        });
    },
    release() {
      for (const file of files) rmSync(file, { force: true });
    },
  };
}

/** Waits whose end a living foreground command of the session prints. */
export function attendedWaits(folder: InboxFolder): ReadonlySet<string> {
  const waits = new Set<string>();
  for (const name of listOf(folder)) {
    const match = /^attending\.(.+)\.(\d+)$/.exec(name);
    if (match && signalProcess(Number(match[2]), 0)) waits.add(match[1] ?? "");
  }
  return waits;
}

function listOf({ path }: InboxFolder): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
