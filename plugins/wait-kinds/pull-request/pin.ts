import { GitHubError, type PullRequest, readPullRequest } from "../../../src/github.ts";
import {
  formerKey,
  oneLine,
  type Pin,
  type PluginContext,
  RefError,
  sameRepo,
  type WaitRequest,
} from "../../../src/plugin.ts";
import { relation } from "./ancestry.ts";
import { currentBranch, git, isAtGitHub } from "./branch.ts";
import { type Found, pullRequestOf } from "./branch-pull-request.ts";
import { short } from "./head.ts";
import { headHere, type LocalHead, pushedLately } from "./local-head.ts";
import { findTarget, type Target } from "./target.ts";

/** Seconds after the push or the creation within which a pull request must appear. */
const APPEAR_S = 15 * 60;

type PinContext = PluginContext & { readonly previous?: Pin };

/**
 * Binds a request to a pull request and the full sha of its head. Without the network, or before the branch has a pull
 * request, the pin is incomplete.
 */
export async function pinPullRequest(request: WaitRequest, context: PinContext): Promise<Pin> {
  const target = await findTarget(request, context);
  if (!request.network) return incomplete(target, request, context.previous);
  const found = await (target.number === null ? ofBranch(target, request, context) : byNumber(target, context));
  return found ? complete(found, request, context) : incomplete(target, request, context.previous);
}

/** Builds an incomplete pin from the request alone; the engine pins again until the pull request appears. */
function incomplete(target: Target, { pushed, network }: WaitRequest, previous: Pin | undefined): Pin {
  const { repo, number, branch, head } = target;
  const which =
    number === null ? `for the branch ${JSON.stringify(oneLine(String(branch), 80))}` : `#${number} in ${repo}`;
  return {
    ref: number === null ? String(branch) : `#${number}`,
    key: number === null ? branchKey(head ?? repo, String(branch)) : numberKey(repo, number),
    repo,
    pr: number,
    sha: pushed?.sha ?? previous?.sha ?? null,
    prev_shas: previous?.prev_shas ?? [],
    identity: {
      ...previous?.identity,
      ...(branch ? { branch } : {}),
      ...(head ? { head } : {}),
      ...(pushed ? { pushed_at: pushed.at } : {}),
    },
    complete: false,
    // Only GitHub's answer says that it is missing.
    ...(network ? { note: `No pull request ${which} yet` } : {}),
    appear: {
      withinS: APPEAR_S,
      outcome: "no_pr",
      reason: `No pull request ${which} within ${APPEAR_S / 60} min`,
    },
  };
}

const numberKey = (repo: string, number: number) => `${repo.toLowerCase()}#${number}`;
/** Key by the branch's own repository, because a fork's parent may not be known before its pull request is. */
const branchKey = (head: string, branch: string) => `${head.toLowerCase()}#branch:${branch}`;

/**
 * Reads a pull request by its number; null when it may be too new for GitHub's replicas: the wait is registered already, or this
 * branch was pushed recently.
 *
 * @throws {RefError} when GitHub does not have it otherwise.
 */
async function byNumber({ repo, number }: Target, context: PinContext): Promise<Found | null> {
  try {
    return { repo, pull: await readPullRequest(context.github, repo, { number: number ?? 0 }) };
  } catch (error) {
    if (!(error instanceof GitHubError) || error.problem !== "not-found") throw error;
    if (context.previous || (sameRepo(repo, context.repo) && (await pushedLately(context)))) return null;
    throw new RefError(error.message, { cause: error });
  }
}

async function ofBranch(target: Target, request: WaitRequest, context: PinContext): Promise<Found | null> {
  const { repo, typed, head } = target;
  const branch = target.branch ?? "";
  const known = request.pushed?.sha ?? context.previous?.sha ?? null;
  const sha = known ?? (typed ? null : await git(context, "rev-parse", "--verify", "--quiet", "HEAD"));
  const found = await pullRequestOf({ repo, branch, head, sha }, context);
  if (found || !typed || (await branchExists(head ?? repo, branch, context))) return found;
  const name = JSON.stringify(oneLine(branch, 80));
  throw new RefError(`Cannot watch ${name}: ${repo} has no pull request and no branch of that name`);
}

async function branchExists(repo: string, branch: string, context: PinContext): Promise<boolean> {
  return (await currentBranch(context)) === branch || isAtGitHub(context, repo, branch);
}

async function complete({ repo: asked, pull }: Found, request: WaitRequest, context: PinContext): Promise<Pin> {
  const { previous } = context;
  const { repo } = pull;
  const pushedAt = request.pushed ? { pushed_at: request.pushed.at } : {};
  // The remotes of a clone may still have the name that was asked for.
  const other = await otherHead(asked, pull, request.pushed?.sha ?? previous?.sha ?? null, context);
  const sha = other?.sha ?? pull.head;
  return {
    ref: `#${pull.number}`,
    key: numberKey(repo, pull.number),
    aliases: aliasesOf(asked, pull),
    repo,
    pr: pull.number,
    sha,
    // The head that GitHub still shows is an earlier one, even if it is no ancestor (force push).
    prev_shas: sha === pull.head ? [] : [pull.head],
    title: oneLine(pull.title, 120),
    identity: {
      ...previous?.identity,
      ...pushedAt,
      id: pull.id,
      number: pull.number,
      branch: pull.branch,
      base: pull.base,
      url: pull.url,
      ...(other?.sure === false ? { here: other.sha } : {}),
    },
    complete: true,
    ...noted([sameRepo(asked, repo) ? null : renamed(asked, repo), other && noteOf(other, pull)]),
  };
}

function noteOf({ sha, sure }: OtherHead, { head }: PullRequest): string {
  return sure
    ? `GitHub still shows ${short(head)}, the pushed ${short(sha)} is watched`
    : `GitHub shows ${short(head)} and HEAD here is ${short(sha)}: if it was pushed, GitHub shows it within a minute`;
}

function noted(notes: readonly (string | null)[]): Pick<Pin, "note"> {
  const note = notes.filter((one) => one !== null).join("; ");
  return note === "" ? {} : { note };
}

/** The note on a repository that GitHub has under another name. */
export function renamed(from: string, to: string): string {
  return `${from} is now ${to}`;
}

/** Other keys of a pull request: its branch, its node id, which stays when the repository is renamed, and an earlier name. */
function aliasesOf(asked: string, { id, number, repo, fork, headRepo, branch }: PullRequest): readonly string[] {
  const home = fork ? headRepo : repo;
  return [
    ...(home === null ? [] : [branchKey(home, branch)]),
    ...(id === "" ? [] : [`id:${id}`]),
    ...(sameRepo(asked, repo) ? [] : [formerKey(asked, number)]),
  ];
}

/** The same target under the name that GitHub has for its repository now. */
export function followRename(pin: Pin, { repo, number }: Pick<PullRequest, "repo" | "number">): Pin {
  const aliases = [...(pin.aliases ?? []), formerKey(pin.repo ?? "", number)];
  return { ...pin, repo, key: numberKey(repo, number), aliases: [...new Set(aliases)] };
}

/** A commit that is watched although GitHub shows another. `sure`: it was certainly pushed. */
interface OtherHead {
  readonly sha: string;
  readonly sure: boolean;
}

/**
 * Finds a pushed commit that GitHub does not show yet: from the request, git's record of the remote, or the checked-out commit.
 * Null: the shown head is the one to watch.
 */
async function otherHead(
  repo: string,
  { head: shown, headRepo, branch, fork }: PullRequest,
  pushed: string | null,
  context: PinContext,
): Promise<OtherHead | null> {
  const home = fork ? headRepo : repo;
  const here: LocalHead | null = pushed
    ? { sha: pushed, as: "reached" }
    : await headHere({ branch, home, shown }, context);
  if (here === null || here.sha === shown) return null;
  const { sha, as } = here;
  const stands = await relation(context, repo, sha, shown);
  if (stands === "older" || stands === "same") return null;
  if (as === "reached") return { sha, sure: true };
  // A commit that GitHub does not have was not pushed if git tracks the remote branch; else that is unknown.
  if (stands === "unknown") return as === "untracked" ? { sha, sure: false } : null;
  return { sha, sure: as === "untracked" && stands === "newer" };
}
