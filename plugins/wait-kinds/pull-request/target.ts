import { textAt, unknownRepository, whyNotAsked } from "../../../src/github.ts";
import {
  fullName,
  type Pin,
  type PluginContext,
  RefError,
  sameRepo,
  splitRepo,
  type WaitRequest,
} from "../../../src/plugin.ts";
import { currentBranch, git, isAtGitHub, localBranch } from "./branch.ts";
import { parseRef } from "./ref.ts";

/** The requested pull request, by number or by branch, before GitHub is asked. */
export interface Target {
  readonly repo: string;
  readonly number: number | null;
  readonly branch: string | null;
  /** Full name of the branch's repository, when it is known. */
  readonly head: string | null;
  /** Whether the branch was typed, so that it must exist; a pushed or current branch may have no pull request yet. */
  readonly typed: boolean;
}

type Asked = PluginContext & { readonly previous?: Pin };

/**
 * Finds the target of a request: from its reference, the earlier pin, the push that made it, or the checked-out branch.
 *
 * @throws {RefError} when there is none, or when gh has no login for its host.
 */
export async function findTarget(request: WaitRequest, context: Asked): Promise<Target> {
  const target = await resolveTarget(request, context);
  const why = whyNotAsked(splitRepo(target.repo).host, context.env);
  if (why !== null) throw new RefError(`Cannot watch a pull request of ${target.repo}: ${why}`);
  return target;
}

async function resolveTarget(request: WaitRequest, context: Asked): Promise<Target> {
  const { previous } = context;
  const ref = request.ref === null ? null : parseRef(request.ref);
  const repo = ref?.repo ?? previous?.repo ?? request.pushed?.base ?? context.repo;
  if (!repo) {
    const what = request.ref === null ? "this branch" : JSON.stringify(request.ref);
    throw new RefError(`Cannot watch ${what}: ${unknownRepository(context.env)}`);
  }
  if (ref && "number" in ref) {
    const branch = await asBranch(request, ref.repo, context);
    return branch ?? { repo, number: ref.number, branch: null, head: null, typed: true };
  }
  if (previous?.pr) return { repo, number: previous.pr, branch: null, head: null, typed: false };
  const before = textAt(previous?.identity, "branch");
  if (before !== null)
    return { repo, number: null, branch: before, head: textAt(previous?.identity, "head"), typed: false };
  if (ref !== null) return ofTypedBranch(ref, repo, context);
  const { pushed } = request;
  if (pushed) return { repo, number: null, branch: pushed.branch, head: pushed.repo ?? null, typed: false };
  return ofCurrentBranch(repo, context);
}

/** Reads a reference such as `x/y#3` as a branch if the current repository has a branch of that name; else null. */
async function asBranch({ ref, network }: WaitRequest, named: string | null, context: Asked): Promise<Target | null> {
  const { repo } = context;
  if (ref === null || named === null || !repo || sameRepo(named, repo) || !/^[^\s:]+#\d+$/.test(ref)) return null;
  const here = await git(context, "rev-parse", "--verify", "--quiet", `refs/heads/${ref}`);
  if (here === null && !(network && (await isAtGitHub(context, repo, ref)))) return null;
  const head = (await localBranch(context, ref))?.head ?? repo;
  return { repo, number: null, branch: ref, head, typed: true };
}

/** The target of a typed branch: in the repository itself, unless an owner is named or the local branch comes from a fork. */
async function ofTypedBranch(
  ref: { readonly branch: string; readonly owner: string | null },
  repo: string,
  context: Asked,
): Promise<Target> {
  const { branch, owner } = ref;
  if (owner !== null) {
    const { host, name } = splitRepo(repo);
    const fork = `${owner}/${name.slice(name.lastIndexOf("/") + 1)}`;
    return { repo, number: null, branch, head: fullName(host, fork), typed: true };
  }
  const local = sameRepo(repo, context.repo) ? await localBranch(context, branch) : null;
  if (local?.number) return { repo, number: local.number, branch: null, head: null, typed: true };
  return { repo, number: null, branch: local?.name ?? branch, head: local ? local.head : repo, typed: true };
}

async function ofCurrentBranch(repo: string, context: Asked): Promise<Target> {
  const name = await currentBranch(context);
  if (!name)
    throw new RefError(
      "Cannot tell which pull request to watch: no branch is checked out here, wanted a number or URL",
    );
  const local = await localBranch(context, name);
  if (local?.number) return { repo, number: local.number, branch: null, head: null, typed: false };
  return { repo, number: null, branch: local?.name ?? name, head: local?.head ?? null, typed: false };
}
