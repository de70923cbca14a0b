/** Links between sessions, made when a client clears, resumes or forks. Values are never trimmed or merged. */
export type SessionLinks = ReadonlyMap<string, readonly string[]>;

/** A session and all sessions that it is linked to, directly or not: it sees their endings and queue. */
export function sessionFamily(session: string, links: SessionLinks): ReadonlySet<string> {
  const family = new Set([session]);
  for (const member of family) for (const older of links.get(member) ?? []) family.add(older);
  return family;
}

/** Variables that name the session, in the order in which they are asked: p9's own, and what clients give the shells that they start. */
const VARIABLES = [
  { name: "BROOMVA_P9_SESSION", client: null },
  { name: "CLAUDE_CODE_SESSION_ID", client: null },
  { name: "CODEX_THREAD_ID", client: "codex" },
  { name: "COPILOT_AGENT_SESSION_ID", client: "copilot" },
] as const;

/** The session that the environment names, as p9 calls it, and the variable that does; null: none (the persisted default). */
export function sessionNamed(env: Readonly<Record<string, string | undefined>>) {
  for (const { name, client } of VARIABLES) {
    const id = env[name];
    if (!id) continue;
    if (client === null) return { session: id, variable: name };
    if (/^[\w.-]{1,200}$/.test(id)) return { session: `${client}:${id}`, variable: name };
  }
  return null;
}

/** The session that the environment names; null: none. */
export function sessionFromEnv(env: Readonly<Record<string, string | undefined>>): string | null {
  return sessionNamed(env)?.session ?? null;
}
