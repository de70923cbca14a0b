import { iso, isoOrNull } from "../clock.ts";
import type { Pull } from "../pull.ts";
import { mergeState } from "../rules/merge-state.ts";
import { latestOpinions, reviewDecision } from "../rules/opinions.ts";
import { pullId, viewRollup } from "./checks.ts";
import { viewCommit } from "./commit.ts";
import { connection, type Page } from "./connection.ts";
import { viewActor, viewIssueComment, viewReaction } from "./conversation.ts";
import { viewRef } from "./refs.ts";
import { repoUrl, viewRepo } from "./repository.ts";
import { latestReviews, shownThreads, viewReview, viewThread } from "./reviews.ts";
import { viewTimeline } from "./timeline.ts";

/** A pull request. */
export function viewPull(pull: Pull): object {
  const { repo } = pull;
  const url = `${repoUrl(repo)}/pull/${pull.number}`;
  return {
    __typename: "PullRequest",
    id: pullId(pull),
    number: pull.number,
    title: pull.title,
    body: pull.body,
    state: pull.state,
    url,
    permalink: url,
    closed: pull.state !== "OPEN",
    merged: pull.state === "MERGED",
    createdAt: iso(pull.createdAt),
    updatedAt: iso(pull.updatedAt),
    closedAt: isoOrNull(pull.closedAt),
    mergedAt: pull.state === "MERGED" ? isoOrNull(pull.closedAt) : null,
    mergedBy: pull.state === "MERGED" ? { __typename: "User", login: "octocat" } : null,
    mergeCommit: pull.state === "MERGED" ? () => viewCommit(pull.head) : null,
    isDraft: pull.draft,
    isCrossRepository: pull.fork !== null,
    maintainerCanModify: true,
    author: { __typename: "User", id: `U_${pull.author}`, login: pull.author, name: pull.author },
    authorAssociation: pull.association,
    viewerDidAuthor: pull.author === repo.world.viewer,
    additions: 10,
    deletions: 2,
    changedFiles: pull.files.length,
    baseRefName: pull.base,
    baseRefOid: repo.branchSha(pull.base),
    baseRef: () => viewRef(repo, pull.base),
    headRefName: pull.branch,
    headRefOid: () => pull.shownHead.sha,
    ...viewHead(pull),
    repository: () => viewRepo(repo),
    baseRepository: () => viewRepo(repo),
    mergeable: pull.mergeable,
    mergeStateStatus: () => mergeState(pull),
    reviewDecision: () => reviewDecision(pull),
    isInMergeQueue: pull.queue !== null,
    isMergeQueueEnabled: repo.rules.some((rule) => rule.mergeQueue),
    mergeQueueEntry: () => viewQueueEntry(pull),
    autoMergeRequest: pull.autoMerge ? { mergeMethod: pull.autoMerge, enabledAt: iso(pull.createdAt) } : null,
    statusCheckRollup: () => viewRollup(pull.shownHead),
    timelineItems: (page: Page) => viewTimeline(pull, page),
    commits: (page: Page) => connection(shownCommits(pull), page, (commit) => ({ commit: () => viewCommit(commit) })),
    files: (page: Page) => connection(pull.files, page, viewFile),
    labels: (page: Page) =>
      connection(pull.labels, page, (name) => ({ id: `L_${name}`, name, color: "ededed", description: "" })),
    reviews: (page: Page & { states?: string[] | null }) => {
      const wanted = pull.reviews.filter((review) => !page.states || page.states.includes(review.state));
      return connection(wanted, page, (review) => viewReview(review, pull));
    },
    latestReviews: (page: Page) => connection(latestReviews(pull), page, (review) => viewReview(review, pull)),
    latestOpinionatedReviews: (page: Page & { writersOnly?: boolean | null }) =>
      connection(latestOpinions(pull, { writersOnly: page.writersOnly ?? false }), page, (review) =>
        viewReview(review, pull),
      ),
    reviewThreads: (page: Page) => connection(shownThreads(pull), page, (thread) => viewThread(thread, pull)),
    reviewRequests: (page: Page) =>
      connection([...pull.requestedReviewers, ...pull.requestedOwners], page, (login) => ({
        asCodeOwner: pull.requestedOwners.includes(login),
        requestedReviewer: login.includes("/")
          ? { __typename: "Team", id: `T_${login}`, combinedSlug: login }
          : viewActor(login),
      })),
    comments: (page: Page) => connection(pull.comments, page, (comment) => viewIssueComment(comment, pull)),
    reactions: (page: Page) => connection(pull.reactions, page, (reaction) => viewReaction(reaction, pull)),
    assignees: (page: Page) => connection([], page, (item) => item),
  };
}

/**
 * The repository and the branch that it comes from; all null when the fork is gone.
 * Source: GraphQL, `PullRequest.headRepository`, `headRepositoryOwner`, `headRef` are nullable; `headRefName` is not.
 */
function viewHead(pull: Pull): object {
  if (pull.forkDeleted) return { headRef: null, headRepository: null, headRepositoryOwner: null };
  const { repo } = pull;
  const [owner = "", name = ""] = pull.headRepository.split("/");
  const known = repo.world.find(pull.headRepository);
  return {
    headRef: () => viewRef(known ?? repo, pull.branch),
    headRepository: known
      ? () => viewRepo(known)
      : { __typename: "Repository", id: `R_${owner}/${name}`, name, nameWithOwner: `${owner}/${name}`, isFork: true },
    headRepositoryOwner: { __typename: "User", id: `O_${owner}`, login: owner, name: owner },
  };
}

function shownCommits(pull: Pull) {
  const end = pull.heads.findLastIndex((head) => head.commit === pull.shownHead);
  return pull.heads.slice(0, end + 1).map((head) => head.commit);
}

function viewFile(path: string) {
  return { path, additions: 1, deletions: 1, changeType: "MODIFIED" };
}

function viewQueueEntry(pull: Pull) {
  if (!pull.queue) return null;
  const { state, position, head } = pull.queue;
  return {
    id: `MQE_${pull.number}`,
    state,
    position,
    enqueuedAt: iso(pull.createdAt),
    estimatedTimeToMerge: null,
    jump: false,
    solo: false,
    headCommit: head ? () => viewCommit(head) : null,
    pullRequest: () => viewPull(pull),
  };
}
