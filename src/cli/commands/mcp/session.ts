import { isObject } from "../../../base/json.ts";
import { sessionFromEnv } from "../../../core/session.ts";
import { clientLives } from "../../../inbox/delivery.ts";
import { InboxFolder } from "../../../inbox/folder.ts";
import { paths } from "../../../store/paths.ts";

/** Where a server runs. */
export interface ServerPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The process that started it. */
  readonly parent: number;
}

/**
 * The session that a call belongs to: `BROOMVA_P9_SESSION`, then the thread that the call names (Codex), then the session of the
 * client's own variables, then that of the hooks of the client which started the server. Null: the kept default.
 *
 * @param meta `_meta` of the request
 */
export function sessionOf(meta: unknown, { env, home, parent }: ServerPlace): string | null {
  if (env.BROOMVA_P9_SESSION) return env.BROOMVA_P9_SESSION;
  const thread = isObject(meta) && typeof meta.threadId === "string" ? meta.threadId : "";
  if (isId(thread)) return `codex:${thread}`;
  const copilot = env.COPILOT_AGENT_SESSION_ID ?? "";
  if (isId(copilot)) return `copilot:${copilot}`;
  return sessionFromEnv(env) ?? sessionOfClient(parent, home);
}

/** Whether a text can be a client's own id. */
function isId(text: string): boolean {
  return /^[\w.:-]{1,200}$/.test(text);
}

/** The session whose hooks were called by a process last. */
function sessionOfClient(pid: number, home: string): string | null {
  const folders = InboxFolder.all(paths(home).inbox).flatMap((folder) => {
    const inbox = folder.read();
    return inbox?.pid === pid && clientLives(folder, inbox, Date.now())
      ? [{ at: folder.changedAt, session: inbox.session }]
      : [];
  });
  return folders.toSorted((a, b) => b.at - a.at)[0]?.session ?? null;
}
