import { iso } from "../clock.ts";
import type { Comment } from "../conversation.ts";
import type { Pull, Review, Thread } from "../pull.ts";
import { viewCommit } from "./commit.ts";
import { connection, type Page } from "./connection.ts";
import { associationOf, viewActor, viewEdit } from "./conversation.ts";
import { viewPull } from "./pull-request.ts";
import { repoUrl, viewRepo } from "./repository.ts";

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
    viewerDidAuthor: review.author === pull.repo.world.viewer,
    isMinimized: false,
    createdAt: at,
    submittedAt: at,
    updatedAt: at,
    includesCreatedEdit: false,
    databaseId: reviewNumber(review, pull),
    url: `${repoUrl(pull.repo)}/pull/${pull.number}#pullrequestreview-${reviewNumber(review, pull)}`,
    commit: () => viewCommit(review.sha ? pull.repo.commit(review.sha) : pull.head),
  };
}

/** Number of a review, which the address of its place on the page ends with. */
function reviewNumber(review: Review, pull: Pull): number {
  return 500_000 + pull.number * 1000 + pull.reviews.indexOf(review);
}

/** The threads that a login sees: drafts are their author's only. Source: docs.github.com, "Reviewing proposed changes", pending comments. */
export function shownThreads(pull: Pull): Thread[] {
  return pull.threads.filter((thread) => !thread.draft || thread.author === pull.repo.world.viewer);
}

/** Node id of a thread. */
export function threadId(thread: Thread, pull: Pull): string {
  return `PRRT_${pull.repo.id}_${pull.number}_${pull.threads.indexOf(thread)}`;
}

/** A review thread. */
export function viewThread(thread: Thread, pull: Pull): object {
  const first: Comment = {
    author: thread.author ?? "reviewer",
    body: thread.body ?? "Please look at this",
    association: thread.association,
    at: thread.at,
    publishedAt: thread.publishedAt,
    editedAt: thread.editedAt,
    editor: thread.editor,
  };
  return {
    __typename: "PullRequestReviewThread",
    id: threadId(thread, pull),
    isResolved: thread.resolved ?? false,
    isOutdated: thread.outdated ?? false,
    isCollapsed: thread.resolved ?? false,
    viewerCanReply: true,
    viewerCanResolve: true,
    path: thread.path,
    line: thread.outdated ? null : (thread.line ?? 1),
    originalLine: thread.line ?? 1,
    diffSide: thread.side ?? "RIGHT",
    subjectType: "LINE",
    pullRequest: () => viewPull(pull),
    repository: () => viewRepo(pull.repo),
    comments: (page: Page) =>
      connection([first, ...(thread.replies ?? [])], page, (comment) => viewComment(comment, thread, pull)),
  };
}

function viewComment(comment: Comment, thread: Thread, pull: Pull) {
  const number = pull.threads.indexOf(thread) * 1000 + (thread.replies?.indexOf(comment) ?? -1) + 1;
  const at = iso(comment.at ?? pull.createdAt);
  const begun = thread.sha ? pull.repo.commit(thread.sha) : pull.heads[0]?.commit;
  return {
    id: `PRRC_${pull.number}_${number}`,
    databaseId: 900_000 + number,
    author: viewActor(comment.author),
    authorAssociation: associationOf(comment.author, comment.association),
    body: comment.body,
    state: thread.draft || comment.draft ? "PENDING" : "SUBMITTED",
    viewerDidAuthor: comment.author === pull.repo.world.viewer,
    path: thread.path,
    line: thread.line ?? 1,
    diffHunk: thread.hunk ?? "@@ -1,2 +1,2 @@\n-old\n+new",
    url: `${repoUrl(pull.repo)}/pull/${pull.number}#discussion_r${900_000 + number}`,
    createdAt: at,
    // A comment of a review is drafted before, and published with it. Source: GraphQL, `PullRequestReviewComment.publishedAt`.
    publishedAt: iso(comment.publishedAt ?? comment.at ?? pull.createdAt),
    updatedAt: iso(comment.editedAt ?? comment.at ?? pull.createdAt),
    ...viewEdit(comment),
    isMinimized: comment.minimized ?? false,
    commit: () => viewCommit(pull.head),
    originalCommit: () => viewCommit(begun ?? pull.head),
  };
}
