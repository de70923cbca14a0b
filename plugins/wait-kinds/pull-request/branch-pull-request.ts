import { findPullRequests, type PullRequest } from "../../../src/github.ts";
import { oneLine, type PluginContext, RefError, sameRepo } from "../../../src/plugin.ts";

/** The branch whose pull request is wanted. */
export interface Wanted {
  /** Repository to search; its parent is searched too. */
  readonly repo: string;
  readonly branch: string;
  /** Full name of the branch's repository; null when it is not known. */
  readonly head: string | null;
  /** Pushed or checked-out commit. */
  readonly sha: string | null;
}

/** A pull request with the repository that it is in. */
export interface Found {
  readonly repo: string;
  readonly pull: PullRequest;
}

/**
 * Finds the open pull request of a branch, in the repository or its parent; null when there is none. Ignores branches of the same
 * name in other forks.
 *
 * @throws {RefError} when the branch has several and none goes to the default branch.
 */
export async function pullRequestOf(wanted: Wanted, context: PluginContext): Promise<Found | null> {
  const here = await findPullRequests(context.github, wanted.repo, wanted.branch);
  const own = oneOf(ofWantedHead(here.pulls, wanted), wanted, here.defaultBranch);
  if (own) return { repo: wanted.repo, pull: own };
  if (here.parent === null) return null;
  const fromFork = { ...wanted, repo: here.parent, head: wanted.head ?? wanted.repo };
  const there = await findPullRequests(context.github, here.parent, wanted.branch);
  const pull = oneOf(ofWantedHead(there.pulls, fromFork), fromFork, there.defaultBranch);
  return pull && { repo: here.parent, pull };
}

function ofWantedHead(pulls: readonly PullRequest[], { repo, head, sha }: Wanted): readonly PullRequest[] {
  // Without a repository to compare (a path, a mirror), compare the commit.
  if (head === null) return pulls.filter((pull) => !pull.fork || pull.head === sha);
  // The branch is the searched repository's own, even under an old name that GitHub redirects.
  if (sameRepo(head, repo)) return pulls.filter((pull) => !pull.fork);
  const exact = pulls.filter((pull) => sameRepo(pull.headRepo, head));
  return exact.length > 0
    ? exact
    : pulls.filter((pull) => pull.fork && sameRepo(ownerOf(pull.headRepo), ownerOf(head)));
}

const ownerOf = (repo: string | null) => repo?.slice(0, repo.lastIndexOf("/")) ?? null;

function oneOf(
  pulls: readonly PullRequest[],
  { repo, branch, sha }: Wanted,
  defaultBranch: string | null,
): PullRequest | null {
  const atCommit = pulls.filter((pull) => pull.head === sha);
  const some = atCommit.length > 0 ? atCommit : pulls;
  const chosen = some.length > 1 ? some.filter(({ base }) => base === defaultBranch) : some;
  if (chosen.length === 1 || some.length === 0) return chosen[0] ?? null;
  const list = some.map(({ number, base }) => `#${number} (to "${oneLine(base, 60)}")`).join(" and ");
  throw new RefError(
    `Cannot tell which pull request of "${oneLine(branch, 80)}" in ${repo} is meant: it has ${list}; wanted a number`,
  );
}
