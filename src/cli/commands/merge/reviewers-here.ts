import { reviewers } from "../../../../plugins/reviewers/registry.ts";
import { pluginReviewers } from "../../../plugins-host/find/resolve.ts";
import type { Reviewer } from "../../../reviewers/describe/reviewer.ts";
import { knownReviewers } from "../../../reviewers/known.ts";
import { isOfReviews, type ReviewPolicy, reviewPolicyOf } from "../../../reviewers/policy.ts";
import type { Context } from "../../program/context.ts";

/** The reviewers that are known where a command was given, and what the policy there says of reviews. */
export async function reviewersHere(
  context: Context,
): Promise<{ readonly known: readonly Reviewer[]; readonly policy: ReviewPolicy }> {
  const policy = await context.policy();
  const { home, env, cwd } = context;
  const others = await pluginReviewers({ home, env, cwd, policy });
  const unread = policy.problems.some(isOfReviews);
  return {
    known: await knownReviewers(reviewers, policy.ci_watch, others),
    policy: { ...reviewPolicyOf(policy.ci_watch), ...(unread ? { unread } : {}) },
  };
}
