import {
  GitHubError,
  type ReviewFacts,
  type ReviewStanding,
  readReviewStanding,
  readReviews,
  reviewPolicyOf,
  textAt,
} from "../../../../src/github.ts";
import type { LookContext } from "../../../../src/plugin.ts";
import { knownReviewers } from "../../../../src/provider.ts";
import { reviewers } from "../../../reviewers/registry.ts";

/** What a mark asks of reviews. A part that could not be read is null. */
export interface ReviewsRead {
  readonly said: Pick<ReviewFacts, "threads" | "opinions"> | null;
  readonly standing: ReviewStanding | null;
}

/**
 * Makes the question about the reviews, for the look that confirms a success: it travels in the request of that look. What GitHub does not
 * answer is unknown, because the verdict is about the checks.
 */
export async function reviewsQuestion({
  github,
  pin,
  config,
  reviewers: others,
}: LookContext): Promise<() => Promise<ReviewsRead>> {
  const known = await knownReviewers(reviewers, config, await others());
  const [repo, number, head] = [pin.repo ?? "", pin.pr ?? 0, pin.sha ?? ""];
  const base = textAt(pin.identity, "base");
  const question = { repo, number, head, headAt: null, known, policy: reviewPolicyOf(config) };
  return async () => {
    const [said, standing] = await Promise.all([
      readReviews(github, repo, number).catch(nullIfUnread),
      base === null ? null : readReviewStanding(github, { ...question, base }).catch(nullIfUnread),
    ]);
    return { said, standing };
  };
}

function nullIfUnread(error: unknown): null {
  if (error instanceof GitHubError) return null;
  throw error;
}
