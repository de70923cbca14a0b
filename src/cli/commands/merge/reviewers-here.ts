import { reviewers } from "../../../../plugins/reviewers/registry.ts";
import { thirdPartyReviewers } from "../../../plugins-host/find/third-party.ts";
import type { Reviewer } from "../../../reviewers/describe/reviewer.ts";
import { knownReviewers } from "../../../reviewers/known.ts";
import type { ReviewPolicy } from "../../../reviewers/standing.ts";
import type { Context } from "../../program/context.ts";

/** The reviewers that are known where a command was given, and what the policy there says of reviews. */
export async function reviewersHere(
  context: Context,
): Promise<{ readonly known: readonly Reviewer[]; readonly policy: ReviewPolicy }> {
  const policy = await context.policy();
  const { home, env, cwd } = context;
  const others = await thirdPartyReviewers({ home, env, cwd, policy }, { taken: Object.keys(reviewers) });
  return { known: await knownReviewers(reviewers, policy.ci_watch, others), policy: policy.ci_watch.reviews };
}
