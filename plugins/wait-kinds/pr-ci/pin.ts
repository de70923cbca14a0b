import { GitHubError, type PullRequest, readPullRequest, textAt } from "../../../src/github.ts";
import { oneLine, type Pin, type PluginContext, RefError, type WaitRequest } from "../../../src/plugin.ts";
import { relation } from "./ancestry.ts";
import { short } from "./head.ts";
import { currentBranch, git, recentPush } from "./local-head.ts";
import { findTarget, type Target } from "./target.ts";
import { type Found, pullRequestOf } from "./whose.ts";

/** A pull request must appear within so many seconds of the push. */
const APPEAR_S = 15 * 60;

type PinContext = PluginContext & { readonly previous?: Pin };

/**
 * Binds a request to a pull request and the full sha of its head. Without the network, or before the branch has a pull
 * request, the pin is incomplete.
 */
export async function pinPullRequest(request: WaitRequest, context: PinContext): Promise<Pin> {
  const target = await findTarget(request, context);
  if (!request.network) return incomplete(target, request, context.previous);
  const found = await (target.number === null ? ofBranch(target, request, context) : byNumber(target, context)).catch(
    atStart,
  );
  return found ? complete(found, request, context) : incomplete(target, request, context.previous);
}

/** Without a login nothing can be bound, and waiting brings none; in mid-watch it may come back. */
function atStart(error: unknown): never {
  if (!(error instanceof GitHubError) || !["not-logged-in", "unauthorized"].includes(error.problem)) throw error;
  throw new GitHubError(error.problem, error.message, {
    cause: error,
    status: error.status,
    needs: error.needs,
    lasting: true,
  });
}

function incomplete({ repo, number, branch, head }: Target, { pushed }: WaitRequest, previous: Pin | undefined): Pin {
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
    ...(number === null ? absent(String(branch)) : {}),
  };
}

/** A push whose pull request never comes is nobody's business: it ends silently. */
function absent(branch: string): Pick<Pin, "note" | "appear"> {
  const name = JSON.stringify(oneLine(branch, 80));
  const reason = `No pull request for the branch ${name} within ${APPEAR_S / 60} min`;
  return {
    note: `No pull request for the branch ${name} yet`,
    appear: { withinS: APPEAR_S, outcome: "no_pr", reason },
  };
}

const numberKey = (repo: string, number: number) => `${repo.toLowerCase()}#${number}`;
/** By the repository that the branch lives in: before a fork's pull request is known, its parent may not be. */
const branchKey = (head: string, branch: string) => `${head.toLowerCase()}#branch:${branch}`;

async function byNumber({ repo, number }: Target, { github }: PinContext): Promise<Found> {
  try {
    return { repo, pull: await readPullRequest(github, repo, { number: number ?? 0 }) };
  } catch (error) {
    if (error instanceof GitHubError && error.problem === "not-found") {
      throw new RefError(error.message, { cause: error });
    }
    throw error;
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
  if ((await currentBranch(context)) === branch) return true;
  const name = JSON.stringify(`refs/heads/${branch}`);
  const { data } = await context.github.repository(repo, `ref(qualifiedName: ${name}) { name }`);
  return textAt(data, "ref", "name") !== null;
}

async function complete({ repo, pull }: Found, request: WaitRequest, context: PinContext): Promise<Pin> {
  const { previous } = context;
  const pushed = request.pushed?.sha ?? previous?.sha ?? (await recentPush(context, repo, pull.branch));
  const pushedAt = request.pushed ? { pushed_at: request.pushed.at } : {};
  const sha = pushed && (await isBehind(repo, pull.head, pushed, context)) ? pushed : pull.head;
  return {
    ref: `#${pull.number}`,
    key: numberKey(repo, pull.number),
    aliases: aliasesOf(repo, pull),
    repo,
    pr: pull.number,
    sha,
    // The head that GitHub still shows is an earlier one, also when it is no ancestor (a force push).
    prev_shas: sha === pull.head ? [] : [pull.head],
    title: oneLine(pull.title, 120),
    identity: {
      ...previous?.identity,
      ...pushedAt,
      id: pull.id,
      number: pull.number,
      branch: pull.branch,
      url: pull.url,
    },
    complete: true,
    ...(sha === pull.head
      ? {}
      : { note: `GitHub still shows ${short(pull.head)}, the pushed ${short(sha)} is watched` }),
  };
}

function aliasesOf(repo: string, { fork, headRepo, branch }: PullRequest): readonly string[] {
  const home = fork ? headRepo : repo;
  return home === null ? [] : [branchKey(home, branch)];
}

/** Whether the shown head is what was there before the push. Only a head that stands on the pushed commit is newer. */
async function isBehind(repo: string, shown: string, pushed: string, context: PinContext): Promise<boolean> {
  if (shown === pushed) return false;
  return (await relation(context, repo, pushed, shown)) !== "older";
}
