import { textAt } from "../../../src/github.ts";
import { type Pin, type PluginContext, RefError, type WaitRequest } from "../../../src/plugin.ts";
import { currentBranch } from "./local-head.ts";
import { parseRef } from "./ref.ts";

/** What is asked for, before GitHub was asked: a pull request by number, or by its branch. */
export interface Target {
  readonly repo: string;
  readonly number: number | null;
  readonly branch: string | null;
  /** The branch was typed, so it must exist; a pushed or current branch may still wait for its pull request. */
  readonly typed: boolean;
}

/**
 * Reads a request: its reference, what was pinned before, the push that made it, the branch that is checked out.
 *
 * @throws {RefError} when that leads nowhere.
 */
export async function findTarget(
  request: WaitRequest,
  context: PluginContext & { readonly previous?: Pin },
): Promise<Target> {
  const { previous } = context;
  const ref = request.ref === null ? null : parseRef(request.ref);
  const repo = ref?.repo ?? previous?.repo ?? context.repo;
  if (!repo) {
    const what = request.ref === null ? "this branch" : JSON.stringify(request.ref);
    throw new RefError(`Cannot watch ${what}: the repository is unknown, wanted --repo owner/name`);
  }
  if (ref && "number" in ref) return { repo, number: ref.number, branch: null, typed: true };
  if (previous?.pr) return { repo, number: previous.pr, branch: null, typed: false };
  const before = textAt(previous?.identity, "branch");
  const branch = ref?.branch ?? before ?? request.pushed?.branch ?? (await currentBranch(context));
  if (!branch)
    throw new RefError(
      "Cannot tell which pull request to watch: no branch is checked out here, wanted a number or URL",
    );
  return { repo, number: null, branch, typed: ref !== null && !request.pushed && !previous };
}
