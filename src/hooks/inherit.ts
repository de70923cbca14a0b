import { readFileSync } from "node:fs";
import { sessionFamily } from "../core/session.ts";
import { isRunning } from "../core/states.ts";
import { clientLives } from "../inbox/delivery.ts";
import { type Inbox, InboxFolder } from "../inbox/folder.ts";
import { readTail } from "../inbox/tail.ts";
import type { HookContext } from "./context.ts";
import { watchLeft } from "./register-pushes.ts";

/** An inbox folder without a session for this time is removed. */
const FORGET_MS = 14 * 86_400_000;

type Self = Pick<Inbox, "client" | "session" | "root" | "pid" | "pid_start">;

/**
 * Gives the new session the inbox of the old one: `/clear` starts a new session in the same process, a fork starts a new process
 * with the same conversation.
 */
export async function inheritFrom(how: "clear" | "fork", self: Self, context: HookContext): Promise<void> {
  const older = how === "clear" ? sameProcess(self, context) : forkedFrom(self, context);
  const before = older?.read();
  // A parent without an inbox is still the one whose queue the fork sees.
  const linked = before?.session ?? (how === "fork" ? resumedId(self.pid) : undefined);
  if (linked && linked !== self.session)
    await context.store.commitOrSpool([
      { type: "session.link", session_id: self.session, linked_to: linked, source: how },
    ]);
  if (before) await take(before, self, context);
  if (how === "clear" && older && (await watchLeft(older, context))) older.remove();
}

/** Takes over the endings and the open waits of sessions of this working tree whose client is gone. */
export async function adoptDead(self: Self, context: HookContext): Promise<void> {
  for (const folder of others(self, context)) {
    const inbox = folder.read();
    const lives = inbox !== null && clientLives(folder, inbox, context.clock.now());
    if (!inbox || inbox.root !== self.root || lives) {
      if (!lives) sweep(folder, context);
      continue;
    }
    // Under the folder's lock, so that only one of two starting sessions takes the inbox.
    const taken = await folder.update((now) => ({
      inbox: now && { ...now, unread: [], mine: [], claims: [], cursor: endOf(now, context) },
      result: now && refreshed(now, context),
    }));
    if (taken) await take(taken, self, context);
    if (await watchLeft(folder, context)) folder.remove();
  }
}

async function take(older: Inbox, self: Self, context: HookContext): Promise<void> {
  const from = refreshed(older, context);
  const open = runningOf(from, context);
  if (from.session !== self.session && open.length > 0)
    await context.store.commitOrSpool(
      open.map((wait_id) => ({ type: "wait.subscribed", wait_id, session_id: self.session })),
    );
  await context.folder.update((inbox) => {
    if (!inbox) return { inbox: null, result: undefined };
    const known = new Set(inbox.unread.map(({ id }) => id));
    return {
      inbox: {
        ...inbox,
        mine: [...new Set([...inbox.mine, ...from.mine])],
        unread: [...inbox.unread, ...from.unread.filter(({ id }) => !known.has(id))],
        offered: [...new Set([...inbox.offered, ...from.offered])],
      },
      result: undefined,
    };
  });
}

function refreshed(inbox: Inbox, context: HookContext): Inbox {
  return readTail(inbox, context.store.paths.state, sessionFamily(inbox.session, context.store.read().links));
}

function endOf(inbox: Inbox, context: HookContext): Inbox["cursor"] {
  return refreshed(inbox, context).cursor;
}

/** Ids of waits whose endings the older session was still to get. */
function runningOf(inbox: Inbox, context: HookContext): string[] {
  const { waits } = context.store.read();
  return inbox.mine.filter((id) => {
    const wait = waits.get(id);
    return wait !== undefined && (isRunning(wait.state) || wait.extra.slow === true);
  });
}

function others(self: Self, context: HookContext): InboxFolder[] {
  return InboxFolder.all(context.store.paths.inbox).filter(({ client }) => client !== self.client);
}

function sameProcess(self: Self, context: HookContext): InboxFolder | undefined {
  return newest(others(self, context), ({ pid, pid_start }) => pid === self.pid && pid_start === self.pid_start);
}

/** The inbox of a fork's parent, named on the client's command line; without a name, the latest one of this working tree. */
function forkedFrom(self: Self, context: HookContext): InboxFolder | undefined {
  const id = resumedId(self.pid);
  const all = others(self, context);
  if (id !== undefined) return all.find(({ client }) => client === id);
  return newest(all, ({ root }) => root === self.root);
}

/** The session that the client was told to resume, when its command line names one. */
function resumedId(pid: number): string | undefined {
  const words = commandLine(pid).split("\0");
  const at = words.findIndex((word) => word === "--resume" || word === "-r");
  const id = words.find((word) => word.startsWith("--resume="))?.slice("--resume=".length) ?? words[at + 1];
  return id && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(id) ? id : undefined;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function newest(folders: readonly InboxFolder[], matches: (inbox: Inbox) => boolean): InboxFolder | undefined {
  return folders
    .filter((folder) => {
      const inbox = folder.read();
      return inbox !== null && matches(inbox);
    })
    .sort((a, b) => b.changedAt - a.changedAt)[0];
}

function sweep(folder: InboxFolder, context: HookContext): void {
  if (context.clock.now() - folder.changedAt > FORGET_MS) folder.remove();
}
