import { iso } from "../clock.ts";
import type { Pull, Review, Thread } from "../pull.ts";
import { viewCommit } from "./commit.ts";
import { connection, type Page } from "./connection.ts";
import { associationOf, viewActor } from "./conversation.ts";
import { repoUrl } from "./repository.ts";

/** Of each reviewer the latest review. */
export function latestReviews(pull: Pull): Review[] {
  return [...new Map(pull.reviews.map((review) => [review.author, review])).values()];
}

/** A review. */
export function viewReview(review: Review, pull: Pull): object {
  const at = iso(review.at ?? pull.createdAt);
  return {
    __typename: "PullRequestReview",
    id: `PRR_${pull.number}_${pull.reviews.indexOf(review)}`,
    state: review.state,
    author: viewActor(review.author),
    authorAssociation: associationOf(
      review.author,
      review.association ?? (review.canWrite === false ? "NONE" : undefined),
    ),
    authorCanPushToRepository: review.canWrite ?? true,
    body: review.body ?? "",
    createdAt: at,
    submittedAt: at,
    updatedAt: at,
    includesCreatedEdit: false,
    url: `${repoUrl(pull.repo)}/pull/${pull.number}#pullrequestreview`,
    commit: () => viewCommit(review.sha ? pull.repo.commit(review.sha) : pull.head),
  };
}

/** A review thread. */
export function viewThread(thread: Thread, pull: Pull): object {
  return {
    __typename: "PullRequestReviewThread",
    id: `PRRT_${pull.number}_${pull.threads.indexOf(thread)}`,
    isResolved: thread.resolved ?? false,
    isOutdated: thread.outdated ?? false,
    isCollapsed: thread.resolved ?? false,
    path: thread.path,
    line: thread.line ?? 1,
    comments: (page: Page) => connection([thread], page, viewComment),
  };
}

function viewComment(thread: Thread) {
  return {
    id: `PRRC_${thread.path}_${thread.line ?? 1}`,
    author: { __typename: "User", login: thread.author ?? "reviewer" },
    body: thread.body ?? "Please look at this",
    path: thread.path,
    line: thread.line ?? 1,
    url: "https://github.com/discussion",
    createdAt: "2026-01-05T12:00:00Z",
  };
}
