/** `@broomva/p9/github`: requests to GitHub through the user's `gh`, and readers of its checks and rules. */
export { type Cause, causeWords } from "./github/actions/cause.ts";
export { whyNeverStarted } from "./github/actions/never-started.ts";
export { type ActionsPage, actionsPage } from "./github/actions/page.ts";
export { skipMarker } from "./github/actions/skip-marker.ts";
export { type StoppedBy, stoppedBy } from "./github/actions/stopped-by.ts";
export { type Change, startsFor, type Trigger } from "./github/actions/triggers.ts";
export { whyRunWaits } from "./github/actions/waiting.ts";
export {
  type Connection,
  PAGE_FIELDS,
  pageArguments,
  type Reading,
  readConnection,
} from "./github/answer/connection.ts";
export { type Hole, holeError, holeOf, isWithheld } from "./github/answer/hole.ts";
export { type FieldProblem, type PieceAnswer, problemAt } from "./github/answer/problem.ts";
export { orWithheld, restList } from "./github/answer/rest-list.ts";
export { joinRules } from "./github/branch-rules.ts";
export { type CheckState, checkRunState, hasPassed, isPending, statusContextState } from "./github/checks.ts";
export type { GitHub, RestOptions } from "./github/client.ts";
export { checksSelection, commitField, commitSelection, readChecks, readCommit } from "./github/commit-checks.ts";
export { GitHubError, type GitHubProblem } from "./github/errors.ts";
export { unknownRepository, whyNotAsked } from "./github/hosts.ts";
export type {
  BranchRules,
  Check,
  CommitChecks,
  OtherRules,
  PullRequest,
  RequiredCheck,
} from "./github/pull-request.ts";
export { at, isTrueAt, listAt, numberAt, textAt, timeAt } from "./github/read.ts";
export { findPullRequests, type PullRequestsOfName, readPullRequest } from "./github/read-pull-request.ts";
export { readRemotes, repoPushedTo } from "./github/remotes.ts";
export { githubNow, inLocalTime, type TimeContext, toGitHubTime } from "./github/time/github-now.ts";
export { readWorkflowRuns, type WorkflowRun } from "./github/workflow-runs.ts";
export { type Demanded, demandedBy } from "./merge/conditions/demanded.ts";
export { notedRefusals, refusals, unfinished } from "./merge/conditions/reviewed.ts";
export { type CountingChecks, countingChecks, runsWithheldError, type Stops } from "./merge/counting-checks.ts";
export { completeRules, type Expected, expectedChecks, type KnownRules } from "./merge/expected-checks.ts";
export { type History, type HistoryQuestion, readHistory } from "./merge/history.ts";
export { checkKey, type KnownRuns, latestChecks } from "./merge/latest-checks.ts";
export { saysMergeable } from "./merge/merge-state.ts";
export { type NoRuns, whyNoRuns } from "./merge/no-runs.ts";
export { isEjection, isMerge, isOfHead, type QueueRemoval, readQueueRemoval } from "./merge/queue-removal.ts";
export { readMergeFacts } from "./merge/read-facts.ts";
export { type ReviewFacts, readReviews } from "./merge/read-reviews.ts";
export { demandsMore, onlyRequired, othersWithheld, withOthers, workflowsWithheld } from "./merge/rules/join.ts";
export { type OtherStates, readOtherRules } from "./merge/rules/others.ts";
export {
  type RequiredWorkflows,
  readRequiredWorkflows,
  withPossibleWorkflows,
  withWorkflows,
} from "./merge/rules/workflows.ts";
export { mergeVerdict } from "./merge/verdict.ts";
export type { Reactions } from "./reviewers/activity.ts";
export type { ExpectedReviewer } from "./reviewers/expected.ts";
export { isHollowText } from "./reviewers/hollow-text.ts";
export { type ReviewPolicy, reviewPolicyOf } from "./reviewers/policy.ts";
export { type ReviewStanding, readReviewStanding } from "./reviewers/standing.ts";
export { resolveEarlyAnswers } from "./threads/early-answers.ts";
export { type FindingCheck, findingChecks, type HeadCheck, withFindings } from "./threads/findings.ts";
export { mayAnswer, type ReplyPolicy, replyPolicyOf } from "./threads/may-answer.ts";
export { readThreads } from "./threads/read-threads.ts";
export { readReviewWork } from "./threads/read-work.ts";
export { ownLogin, saidAt } from "./threads/said.ts";
export { isFindingId, type Thread, type ThreadComment, threadKey } from "./threads/thread.ts";
