/** Links between sessions, made when a client clears, resumes or forks. Values are never trimmed or merged. */
export type SessionLinks = ReadonlyMap<string, readonly string[]>;

/** A session and all sessions that it is linked to, directly or not: it sees their endings and queue. */
export function sessionFamily(session: string, links: SessionLinks): ReadonlySet<string> {
  const family = new Set([session]);
  for (const member of family) for (const older of links.get(member) ?? []) family.add(older);
  return family;
}

/** The session that the environment names: `BROOMVA_P9_SESSION`, else `CLAUDE_CODE_SESSION_ID`, else null (the persisted default). */
export function sessionFromEnv(env: Readonly<Record<string, string | undefined>>): string | null {
  return env.BROOMVA_P9_SESSION || env.CLAUDE_CODE_SESSION_ID || null;
}
