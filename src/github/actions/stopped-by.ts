import { orWithheld } from "../answer/rest-list.ts";
import type { GitHub } from "../client.ts";
import { textAt } from "../read.ts";

/** GitHub's messages on a job that its concurrency group cancelled for a newer run. */
const BY_GROUP = /Canceling since a (?:higher priority|deadlock)|higher priority waiting request/i;
const BY_PERSON = /run was cancell?ed by @/i;

/** What cancelled a run. */
export type StoppedBy = "group" | "person" | "unknown";

/** Reads what cancelled a job from GitHub's message on it: its concurrency group, for a newer run, or a person. */
export async function stoppedBy(github: GitHub, repo: string, check: number): Promise<StoppedBy> {
  const notes = await readNotes(github, repo, check);
  if (notes.some((text) => BY_GROUP.test(text))) return "group";
  return notes.some((text) => BY_PERSON.test(text)) ? "person" : "unknown";
}

/** Reads the first annotations of a check run; none when this login may not read them. */
export async function readNotes(github: GitHub, repo: string, check: number): Promise<string[]> {
  const path = `repos/${repo}/check-runs/${check}/annotations?per_page=50`;
  const rows = await orWithheld(github.rest<unknown>(path));
  return Array.isArray(rows) ? rows.flatMap((row: unknown) => textAt(row, "message") ?? []) : [];
}
