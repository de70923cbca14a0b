import { findPullRequests, type PullRequest } from "../../../src/github.ts";
import { oneLine, type PluginContext, RefError, sameRepo } from "../../../src/plugin.ts";

/** Whose pull request is looked for. */
export interface Wanted {
  /** Where it may be: the repository, and the one that it is a fork of. */
  readonly repo: string;
  readonly branch: string;
  /** Full name of the repository that the branch lives in; null when that is not known. */
  readonly head: string | null;
  /** The commit that was pushed, or that is checked out. */
  readonly sha: string | null;
}

/** A pull request with the repository that it is in. */
export interface Found {
  readonly repo: string;
  readonly pull: PullRequest;
}

/**
 * The open pull request of a branch, in its repository or in that one's parent; null when it has none. A branch of the same
 * name in somebody else's fork is another branch.
 *
 * @throws {RefError} when the branch has several and none goes to the default branch.
 */
export async function pullRequestOf(wanted: Wanted, context: PluginContext): Promise<Found | null> {
  const here = await findPullRequests(context.github, wanted.repo, wanted.branch);
  const own = oneOf(mine(here.pulls, wanted), wanted, here.defaultBranch);
  if (own) return { repo: wanted.repo, pull: own };
  if (here.parent === null) return null;
  const fromFork = { ...wanted, repo: here.parent, head: wanted.head ?? wanted.repo };
  const there = await findPullRequests(context.github, here.parent, wanted.branch);
  const pull = oneOf(mine(there.pulls, fromFork), fromFork, there.defaultBranch);
  return pull && { repo: here.parent, pull };
}

function mine(pulls: readonly PullRequest[], { repo, head, sha }: Wanted): readonly PullRequest[] {
  // Without a repository to compare (a path, a mirror), the commit tells.
  if (head === null) return pulls.filter((pull) => !pull.fork || pull.head === sha);
  // A name that was changed at GitHub still leads there: the branch is the asked repository's own then.
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
