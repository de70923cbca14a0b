import { refusals, unfinished } from "../../../../src/github.ts";
import type { Reviewer } from "../../../../src/provider.ts";
import { reviewers } from "../../../reviewers/registry.ts";
import type { ReviewsRead } from "../asked/reviewed.ts";

/**
 * What is to be done about its reviews before a head can be marked, by the conditions of the mark; null: nothing that is known. Contains no
 * text from outside: how a reviewer of the policy is asked again, `p9 why` says.
 */
export async function nextReview({ said, standing }: ReviewsRead, target: string): Promise<string | null> {
  const open = said?.threads?.open.length ?? 0;
  if (open > 0) {
    const what = open === 1 ? "the open review thread, which" : `the ${open} open review threads, which`;
    return `p9 threads ${target} shows ${what} must be resolved before p9 merge-ready ${target}`;
  }
  if (said?.opinions?.some(({ state }) => state === "CHANGES_REQUESTED")) {
    return `p9 why ${target}: it cannot be merged yet, because changes are requested`;
  }
  if (standing === null) return null;
  if (refusals(standing).length > 0) {
    const [refused] = standing.reviewers.filter(({ state }) => state === "refused");
    return refused
      ? await askAgain(refused.reviewer, target)
      : `p9 why ${target}: a check passed without doing its work, and that says what to do`;
  }
  if (unfinished(standing).length === 0) return null;
  return `p9 watch review ${target} waits for its reviewers; then p9 merge-ready ${target}`;
}

async function askAgain(reviewer: Reviewer, target: string): Promise<string> {
  const { ask, title } = reviewer;
  const again = `which did not review it; then p9 watch review ${target}`;
  const builtIn = await Promise.all(Object.values(reviewers).map((load): Promise<Reviewer> => load()));
  // The words of any other come from the policy or a plugin.
  if (builtIn.includes(reviewer)) {
    if (ask.request) return `Request the review of ${title} again, ${again}`;
    if (ask.comment && /^[\w@/ -]+$/.test(ask.comment)) {
      return `gh pr comment ${target} --body '${ask.comment}' asks ${title} again, ${again}`;
    }
  }
  return `p9 why ${target}: a reviewer did not review it, and that says how to ask again`;
}
