import type { Pull, Review } from "../pull.ts";
import { rulesOf } from "./required.ts";

/**
 * The review decision as GitHub derives it, unless the test set it. Only reviewers with write access count.
 *
 * Source: "About protected branches", "Require pull request reviews before merging": "approved by the required number of reviewers
 * with write permissions"; GraphQL, `PullRequest.latestOpinionatedReviews(writersOnly:)`.
 */
export function reviewDecision(pull: Pull): string | null {
  if (pull.reviewDecision !== undefined) return pull.reviewDecision;
  const latest = latestOpinions(pull, { writersOnly: true });
  if (latest.some((review) => review.state === "CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  const wanted = wantedApprovals(pull);
  if (wantsOwner(pull) && !latest.some((review) => review.state === "APPROVED" && review.ofOwner))
    return "REVIEW_REQUIRED";
  if (latest.filter((review) => review.state === "APPROVED").length >= Math.max(1, wanted)) return "APPROVED";
  return wanted > 0 ? "REVIEW_REQUIRED" : null;
}

/**
 * Whether the base demands a code owner's review. Source: docs.github.com, "About protected branches": "Require review from Code Owners",
 * any change of their code "must be approved by that code owner".
 */
function wantsOwner(pull: Pull): boolean {
  return rulesOf(pull.repo, pull.base).some((rule) => rule.codeOwners);
}

/** How many approvals the base demands: of several rules the strictest. Source: "About rulesets", "rule layering". */
export function wantedApprovals(pull: Pull): number {
  return Math.max(0, ...rulesOf(pull.repo, pull.base).map((rule) => rule.approvals ?? 0));
}

/** Of each reviewer the latest review that approves, rejects or was dismissed. */
export function latestOpinions(pull: Pull, { writersOnly = false } = {}): Review[] {
  const byAuthor = new Map<string, Review>();
  for (const review of pull.reviews) {
    if (review.state !== "COMMENTED" && review.state !== "PENDING") byAuthor.set(review.author, review);
  }
  return [...byAuthor.values()].filter((review) => !writersOnly || (review.canWrite ?? true));
}
