import { existsSync, writeFileSync } from "node:fs";
import type { Inbox } from "../inbox/folder.ts";
import { logEnd } from "../inbox/tail.ts";
import { workTreeOf } from "../process/git.ts";
import { systemProcesses } from "../process/this-machine.ts";
import type { HookContext } from "./context.ts";

/** Whose an inbox is. */
export type InboxOwner = Pick<Inbox, "client" | "session" | "root" | "pid" | "pid_start" | "ended">;

/**
 * Opens the session's inbox, or takes one that is there over for the client that runs now. What was emitted and not confirmed is told
 * again, unless `keepClaims`.
 */
export async function openInbox(context: HookContext, { keepClaims }: { keepClaims: boolean }): Promise<InboxOwner> {
  const { env, folder, harness, store, pid } = context;
  const kept = (harness.keeps ?? []).flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const root = (await workTreeOf(context, { timeoutMs: 2_000 })) ?? context.cwd;
  const mine = {
    client: folder.client,
    session: context.session,
    root,
    pid,
    pid_start: pid > 0 ? systemProcesses.inspect(pid).start : "",
    ended: false,
    ...(kept.length > 0 ? { kept: Object.fromEntries(kept) } : {}),
  };
  await folder.update((before) => {
    const fresh: Inbox = {
      version: 1,
      cursor: logEnd(store.paths.state),
      mine: [],
      unread: [],
      claims: [],
      offered: [],
      offers: { in_row: 0, total: 0 },
      ...mine,
    };
    const claims = keepClaims ? before?.claims : [];
    return { inbox: before ? { ...before, ...mine, claims: claims ?? [] } : fresh, result: undefined };
  });
  if (pid === 0) folder.seen();
  if (!existsSync(folder.wake)) writeFileSync(folder.wake, "", { mode: 0o600 });
  return mine;
}

/** Opens the inbox of a session that began before its hooks were set up: no SessionStart has. */
export async function openIfNone(context: HookContext): Promise<void> {
  if (context.folder.read() === null) await openInbox(context, { keepClaims: true });
}
