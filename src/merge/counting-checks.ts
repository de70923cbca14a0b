import { withAttempts } from "../github/actions/attempts.ts";
import { withoutGhosts } from "../github/actions/ghosts.ts";
import { type StoppedBy, stoppedBy } from "../github/actions/stopped-by.ts";
import { withCauses } from "../github/actions/waiting.ts";
import type { GitHub } from "../github/client.ts";
import { standsAlone } from "../github/commit-checks.ts";
import { GitHubError } from "../github/errors.ts";
import type { Check, PullRequest } from "../github/pull-request.ts";
import { readWorkflowRuns } from "../github/workflow-runs.ts";
import { cancelledRuns, latestChecks } from "./latest-checks.ts";

/** What cancelled each run, by the run's number. An entry never changes. */
export type Stops = Readonly<Record<string, StoppedBy>>;

/** The checks of a commit that count, and what could not be read of them. */
export interface CountingChecks {
  readonly checks: readonly Check[];
  /** The error for checks that could not be read now; only a red verdict may be based on the others. */
  readonly missing: GitHubError | null;
  /** Whether neither suites nor workflow runs may be read, so that a run without a check is invisible. */
  readonly runsWithheld: boolean;
  readonly stops: Stops;
}

/**
 * Reads the checks of a commit without replaced ones, and the causes of those that wait. Makes further requests only for withheld
 * suites, jobs of one name in one run, a cancelled run, and a check that waits, also in a run that has ended.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function countingChecks(
  github: GitHub,
  repo: string,
  { commit, state, head }: Pick<PullRequest, "commit" | "state" | "head">,
  { sha = head, stops = {} }: { readonly sha?: string; readonly stops?: Stops } = {},
): Promise<CountingChecks> {
  if (!commit) {
    const missing = state === "OPEN" && head === sha ? notShown(head) : null;
    return { checks: [], missing, runsWithheld: false, stops };
  }
  const { missing } = commit;
  if (state !== "OPEN") return { checks: latestChecks(commit.checks), missing, runsWithheld: false, stops };
  const runs = commit.suitesReadable ? [] : await readWorkflowRuns(github, repo, commit.sha);
  const shown = new Set(commit.checks.map(({ run }) => run));
  const unseen = (runs ?? []).filter((run) => !shown.has(run.run) && (missing === null || standsAlone(run)));
  const all = await withoutGhosts(github, repo, [...commit.checks, ...unseen]);
  const told = await withAttempts(github, repo, all);
  const known = await whatStopped(github, repo, told, stops);
  const alone = Object.keys(known).filter((run) => known[run] !== "group");
  const counting = latestChecks(told, { alone: new Set(alone.map(Number)) });
  const checks = await withCauses(github, repo, commit.sha, counting);
  return { checks, missing, runsWithheld: runs === null, stops: known };
}

async function whatStopped(github: GitHub, repo: string, checks: readonly Check[], known: Stops): Promise<Stops> {
  const found: Record<string, StoppedBy> = { ...known };
  for (const { id, run } of cancelledRuns(checks)) found[String(run)] ??= await stoppedBy(github, repo, id);
  return found;
}

function notShown(sha: string): GitHubError {
  return new GitHubError("partial", `GitHub shows ${sha.slice(0, 7)} as the head, and nothing of the commit`);
}

/** The error when runs are invisible although each would count. */
export function runsWithheldError(): GitHubError {
  return new GitHubError("forbidden", "GitHub lets this token see neither check suites nor workflow runs", {
    needs: 'a token with the permission "Checks: read" or "Actions: read"',
    lasting: true,
  });
}
