import { NO_OTHER_RULES } from "./github/branch-rules.ts";
import type { GitHub } from "./github/client.ts";
import { readCommit as commitOf, readContext } from "./github/commit-checks.ts";
import type { BranchRules, Check, CommitChecks, PullRequest } from "./github/pull-request.ts";
import { listAt } from "./github/read.ts";
import { readPullRequest as pullRequestOf, findPullRequests as pullRequestsOf } from "./github/read-pull-request.ts";
import { readWorkflowRuns as runsOf } from "./github/workflow-runs.ts";
import { type KnownRules, completeRules as rulesOf } from "./merge/expected-checks.ts";

/**
 * The questions to GitHub that answered differently in version 1.0, as its plugins call them. They go with version 2. What
 * could not be read is thrown, as it was then: those plugins do not look at `missing`, and would take a part for the whole.
 */

/** The first page of a commit's check runs and statuses; empty when there is no commit or it may not be read. */
export function readChecks(commit: unknown): Check[] {
  return listAt(commit, "statusCheckRollup", "contexts", "nodes")
    .map(readContext)
    .filter((check) => check !== null);
}

/**
 * Reads a commit out of an answer, and the pages that follow its first; null when the commit is not there.
 *
 * @throws {GitHubError} when not all of it could be read.
 */
export async function readCommit(...question: Parameters<typeof commitOf>): Promise<CommitChecks | null> {
  return whole(await commitOf(...question));
}

/**
 * Reads a pull request and everything that reports on one commit.
 *
 * @throws {GitHubError} when not all of it could be read.
 */
export async function readPullRequest(...question: Parameters<typeof pullRequestOf>): Promise<PullRequest> {
  const pull = await pullRequestOf(...question);
  whole(pull.commit);
  return pull;
}

/** Open pull requests whose head branch has that name, newest first. */
export async function findPullRequests(github: GitHub, repo: string, branch: string): Promise<PullRequest[]> {
  return [...(await pullRequestsOf(github, repo, branch)).pulls];
}

/** Workflow runs of a commit; empty when they cannot be read. */
export async function readWorkflowRuns(github: GitHub, repo: string, sha: string): Promise<Check[]> {
  return (await runsOf(github, repo, sha)) ?? [];
}

/** Adds what GraphQL did not tell about the rules of a base branch. */
export function completeRules(
  github: GitHub,
  repo: string,
  base: string,
  rules: Omit<BranchRules, "others"> & Partial<Pick<BranchRules, "others">>,
): Promise<KnownRules> {
  return rulesOf(github, repo, base, { others: NO_OTHER_RULES, ...rules });
}

function whole(commit: CommitChecks | null): CommitChecks | null {
  if (commit?.missing) throw commit.missing;
  return commit;
}
