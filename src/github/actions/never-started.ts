import { oneLine } from "../../base/text.ts";
import type { GitHub } from "../client.ts";
import type { Check } from "../pull-request.ts";
import { readNotes } from "./stopped-by.ts";

/** What GitHub leaves on a job that it did not start because nobody pays for it. */
const UNPAID = /payments have failed|spending limit|billing issue|account is locked/i;
/** A job that never started has ended within a moment of its start. */
const MOMENT_MS = 15_000;
const MOST = 3;

/**
 * GitHub's own words on failed jobs of Actions that it never started for want of a payment; null when one of them ran. Asked only of jobs
 * that ended within a moment, and of three of them.
 */
export async function whyNeverStarted(
  github: GitHub,
  repo: string,
  failed: readonly Pick<Check, "id" | "startedAt" | "endedAt">[],
): Promise<string | null> {
  if (failed.length === 0 || !failed.every(endedAtOnce)) return null;
  let why: string | null = null;
  for (const { id } of failed.slice(0, MOST)) {
    const note = (await readNotes(github, repo, id)).find((text) => UNPAID.test(text));
    if (note === undefined) return null;
    why ??= oneLine(note, 200);
  }
  return why;
}

function endedAtOnce({ id, startedAt, endedAt }: Pick<Check, "id" | "startedAt" | "endedAt">): boolean {
  return id > 0 && (startedAt === null || endedAt === null || endedAt - startedAt <= MOMENT_MS);
}
