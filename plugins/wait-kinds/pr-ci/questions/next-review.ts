import { refusals, unfinished } from "../../../../src/github.ts";
import { afterRefusal } from "../../review/after-refusal.ts";
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
  if (refusals(standing).length > 0) return await afterRefusal(standing, target);
  if (unfinished(standing).length === 0) return null;
  return `p9 watch review ${target} waits for its reviewers; then p9 merge-ready ${target}`;
}
