import type { Pin } from "../contract/wait-kind.ts";
import type { GitHub } from "../github/client.ts";
import { readMergeFacts } from "./read-facts.ts";
import { type MergeVerdict, mergeVerdict } from "./verdict.ts";

/**
 * Why a pull request that was MERGE_READY is so no longer, or null while it is: the head that was marked must still be the
 * head, and every condition still be met. One request while nothing changed.
 *
 * @throws {GitHubError} when GitHub cannot be read: no reason to take MERGE_READY back, look again later.
 */
export async function stillReady(pin: Pick<Pin, "repo" | "pr" | "sha">, github: GitHub): Promise<string | null> {
  if (!pin.repo || !pin.pr) throw new TypeError("Cannot judge a pull request without repository and number");
  const verdict = mergeVerdict(await readMergeFacts(github, pin.repo, pin.pr, pin.sha));
  if (pin.sha && verdict.head !== pin.sha) {
    return `A push moved the head from ${pin.sha.slice(0, 7)}, which was ready, to ${verdict.head?.slice(0, 7)}`;
  }
  return verdict.ready || isUndecided(verdict) ? null : verdict.reason;
}

/** GitHub works readiness out anew after every change of the base; until it has, nothing says that it is lost. */
function isUndecided({ state, mergeable, unmet }: MergeVerdict): boolean {
  const onlyThat = unmet.every(({ condition }) => condition === "merge_state" || condition === "mergeable");
  return onlyThat && (state === "UNKNOWN" || mergeable === "UNKNOWN");
}
