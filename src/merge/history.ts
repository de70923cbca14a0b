import type { GitHub } from "../github/client.ts";
import { checksSelection, readChecks } from "../github/commit-checks.ts";
import { GitHubError } from "../github/errors.ts";
import type { Check } from "../github/pull-request.ts";
import { listAt, textAt, timeAt } from "../github/read.ts";

/** The reports from which the checks of a head can be expected when no rule names them. */
export interface History {
  /** When the pull request was opened (ms since the epoch). */
  readonly opened: number | null;
  /** Checks of the pull request's earlier commit. */
  readonly before: readonly Check[];
  /** Checks of the base branch. */
  readonly ofBase: readonly Check[];
}

/** The head of a pull request, and the base branch. */
export interface HistoryQuestion {
  readonly number: number;
  /** Node id, when it is known. */
  readonly id?: string;
  readonly base: string;
  readonly sha: string | null | undefined;
}

/**
 * Reads what the earlier commit and the base branch report, in one request. Leaves out what this login may not read, because it is
 * only a hint.
 *
 * @throws {GitHubError} `partial` when it could not be read now.
 */
export async function readHistory(
  github: GitHub,
  repo: string,
  { number, id, base, sha }: HistoryQuestion,
): Promise<History> {
  const branch = JSON.stringify(`refs/heads/${base}`);
  const answer = await github.repository(
    repo,
    `opened: pullRequest(number: ${number}) { createdAt }
     earlier: pullRequest(number: ${number}) { commits(last: 2) { nodes { commit { oid ${checksSelection({ number, id })} } } } }
     base: ref(qualifiedName: ${branch}) { target { ... on Commit { oid ${checksSelection(null)} } } }`,
  );
  const commits = listAt(answer.data, "earlier", "commits", "nodes");
  const earlier = commits.findLastIndex((node) => textAt(node, "commit", "oid") !== sha);
  const reported = await readChecks(answer, "earlier", "commits", "nodes", Math.max(0, earlier), "commit");
  const ofBase = await readChecks(answer, "base", "target");
  if (reported === null || ofBase === null) {
    throw new GitHubError("partial", "GitHub showed only a part of what the earlier head and the base report");
  }
  return { opened: timeAt(answer.data, "opened", "createdAt"), before: earlier < 0 ? [] : reported, ofBase };
}
