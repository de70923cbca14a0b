import { oneLine } from "../../base/text.ts";
import type { GitHub } from "../client.ts";
import type { Check } from "../pull-request.ts";
import { readNotes } from "./stopped-by.ts";

/** GitHub's messages on a job that it did not start for want of a payment. */
const UNPAID = /payments have failed|spending limit|billing issue|account is locked/i;
/** A job that never started ends within this time of its start. */
const MOMENT_MS = 15_000;
const MOST = 3;

/**
 * Reads GitHub's message on failed jobs of Actions that it never started for want of a payment; null when one of them ran. Makes
 * requests only when all jobs ended at once, for at most three of them.
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
