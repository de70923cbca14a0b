/** `@broomva/p9/github`: questions to GitHub through the user's `gh`, and what its answers about checks and rules mean. */
export type { FieldProblem, PieceAnswer } from "./github/batch.ts";
export { type CheckState, checkRunState, hasPassed, isPending, statusContextState } from "./github/checks.ts";
export type { GitHub, RestOptions } from "./github/client.ts";
export { checksSelection, commitField, commitSelection, readChecks, readCommit } from "./github/commit-checks.ts";
export { GitHubError, type GitHubProblem } from "./github/errors.ts";
export { whyNotAsked } from "./github/hosts.ts";
export type { BranchRules, Check, CommitChecks, PullRequest, RequiredCheck } from "./github/pull-request.ts";
export { at, isTrueAt, listAt, numberAt, textAt, timeAt } from "./github/read.ts";
export { findPullRequests, type PullRequestsOfName, readPullRequest } from "./github/read-pull-request.ts";
export { repoPushedTo } from "./github/remotes.ts";
export { githubNow, inLocalTime, type TimeContext, toGitHubTime } from "./github/time/github-now.ts";
export { readWorkflowRuns } from "./github/workflow-runs.ts";
export { completeRules, type Expected, expectedChecks, type KnownRules } from "./merge/expected-checks.ts";
export { checkKey, latestChecks } from "./merge/latest-checks.ts";
