import type { Clock } from "../base/clock.ts";
import type { GitHub } from "../github/client.ts";
import type { MergeFacts } from "./facts.ts";
import { readMergeFacts } from "./read-facts.ts";

/** Pauses between requests: GitHub computes mergeability when first asked and has it some seconds later. */
const PAUSES_S = [1, 2];

/**
 * Reads the facts for a command, and asks again for a few seconds while GitHub still computes whether the pull request can be
 * merged.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function askMergeFacts(
  github: GitHub,
  repo: string,
  pr: number,
  clock: Pick<Clock, "sleep">,
  expectedHead?: string | null,
): Promise<MergeFacts> {
  let facts = await readMergeFacts(github, repo, pr, expectedHead);
  for (const pause of PAUSES_S) {
    const undecided = facts.mergeState === "UNKNOWN" || facts.mergeable === "UNKNOWN";
    if (facts.state !== "OPEN" || !undecided) break;
    await clock.sleep(pause * 1000);
    facts = await readMergeFacts(github, repo, pr, facts.head);
  }
  return facts;
}
