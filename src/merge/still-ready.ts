import type { Pin } from "../contract/wait-kind.ts";
import type { GitHub } from "../github/client.ts";
import { readReviewStanding, type StandingQuestion } from "../reviewers/standing.ts";
import { reviewed } from "./conditions/reviewed.ts";
import type { MergeFacts } from "./facts.ts";
import { readMergeFacts } from "./read-facts.ts";
import { NO_STANDING, type Watched } from "./standing.ts";
import { type MergeVerdict, mergeVerdict } from "./verdict.ts";

/** Whom to ask about reviews. */
type Asked = Pick<StandingQuestion, "known" | "policy">;

/**
 * Why a pull request is no longer MERGE_READY: its head moved, or a condition is no longer met, or a reviewer begins anew. Null while it is.
 * Makes one request while nothing changed, one more where a queue merges, and one about `reviewers`, if they are given.
 *
 * @throws {GitHubError} when GitHub cannot be read; MERGE_READY then stays until a later look.
 */
export async function stillReady(
  pin: Pick<Pin, "repo" | "pr" | "sha">,
  github: GitHub,
  reviewers: Asked | null = null,
): Promise<string | null> {
  if (!pin.repo || !pin.pr) throw new TypeError("Cannot judge a pull request without repository and number");
  const facts = await readMergeFacts(github, pin.repo, pin.pr, pin.sha);
  const verdict = mergeVerdict(facts, { ...NO_STANDING, watched: markOf(pin) });
  if (pin.sha && verdict.head !== pin.sha) {
    return `A push moved the head from ${pin.sha.slice(0, 7)}, which was ready, to ${verdict.head?.slice(0, 7)}`;
  }
  if (!verdict.ready && !isUndecided(verdict)) return verdict.reason;
  return reviewers && (await notReviewed(facts, github, reviewers));
}

/** Which reviewer is not done with the head, or null. What GitHub does not show takes no mark back. */
async function notReviewed(facts: MergeFacts, github: GitHub, asked: Asked): Promise<string | null> {
  const { repo, pr: number, head, base } = facts;
  // Whoever is expected was done when the mark was given, and has so been seen here.
  const question = { ...asked, repo, number, head, base, headAt: null, ofBase: [] };
  const standing = await readReviewStanding(github, question);
  return standing.activity.partial ? null : (reviewed(standing)[0]?.detail ?? null);
}

/** The reason of the row that takes the mark back, so that the GREEN which is left reads as no success. */
export function takenBack(why: string): string {
  return `The mark MERGE_READY was taken back: ${why}`;
}

/** The wait as MERGE_READY: a head that was watched to GREEN without a check needs none now. */
function markOf({ sha = null }: Pick<Pin, "sha">): Watched {
  return { state: "MERGE_READY", sha, ts: "", extra: {} };
}

/** Whether GitHub is still computing the merge state, as it does after every change of the base. */
function isUndecided({ state, mergeable, unmet }: MergeVerdict): boolean {
  const onlyThat = unmet.every(({ condition }) => condition === "merge_state" || condition === "mergeable");
  return onlyThat && (state === "UNKNOWN" || mergeable === "UNKNOWN");
}
