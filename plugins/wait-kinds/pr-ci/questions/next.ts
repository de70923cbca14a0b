import { saysMergeable } from "../../../../src/github.ts";
import type { ReviewsRead } from "../asked/reviewed.ts";
import { decidingOf, type View } from "../view.ts";
import type { Verdict } from "./answer.ts";
import { nextReview } from "./next-review.ts";

/**
 * What whoever waited does next, where the outcome alone does not say it; null elsewhere. Contains no text from outside. `reviews`: null
 * where nothing is known of them.
 */
export async function nextStep(
  { status }: Pick<Verdict, "status">,
  view: View,
  reviews: ReviewsRead | null,
): Promise<string | null> {
  const { number, repo } = view.pull;
  const target = `${number} --repo ${repo}`;
  if (status === "cancelled") return runAgain(view);
  if (status === "failed" && view.pull.fork) {
    return `p9 heal ${target} --classify, then tell its author: p9 never pushes to a fork`;
  }
  if (status !== "succeeded") return null;
  const step = reviews && !isDraft(view) ? await nextReview(reviews, target) : null;
  const obstacle = step === null ? obstacleOf(view) : null;
  return step ?? (obstacle && `p9 why ${target}: it cannot be merged yet, because ${obstacle}`);
}

function runAgain(view: View): string | null {
  const stopped = decidingOf(view).filter(({ state }) => state === "cancelled");
  const runs = [...new Set(stopped.flatMap(({ run }) => run ?? []))];
  if (runs.length === 0) return null;
  return `${runs.map((run) => `gh run rerun ${run} --repo ${view.pull.repo}`).join(" and ")}, if nobody meant to stop it`;
}

/** Why GitHub does not merge the head although its checks passed, as far as the look shows; null when nothing shows it. */
function obstacleOf(view: View): string | null {
  if (isDraft(view)) return "it is a draft";
  const { pull, sha } = view;
  if (pull.reviewDecision === "CHANGES_REQUESTED") return "changes are requested";
  if (pull.reviewDecision === "REVIEW_REQUIRED" && !saysMergeable(pull)) return "a required review is missing";
  if (pull.head !== sha) return null;
  if (pull.mergeState === "BEHIND") return "it is behind its base";
  return pull.mergeState === "BLOCKED" ? "GitHub blocks the merge" : null;
}

function isDraft({ pull }: View): boolean {
  return pull.draft || pull.mergeState === "DRAFT";
}
