import { quote } from "../../base/text.ts";
import type { Pin } from "../../contract/wait-kind.ts";
import { UsageError } from "../../core/errors.ts";
import { parseRepo } from "../../core/repo.ts";
import { unknownRepository } from "../../github/hosts.ts";
import type { Context } from "./context.ts";
import { prValue } from "./values.ts";

/** A pull request that a command is about. */
export interface PrTarget {
  readonly pr: number;
  readonly repo: string;
}

/** What `--help` says of an argument that {@link prTarget} reads. */
export const PR_ARGUMENT = "number, address, owner/name#number or branch; default: the pull request of this branch";

/**
 * The pull request that a command is about: `42`, `#42`, `[host/]owner/name#42`, its address, a branch, or nothing for the branch
 * that is checked out. The repository comes from there, else as for every command, and is never guessed.
 *
 * @throws {UsageError} or the kind's `RefError` when there is none.
 */
export async function prTarget(
  text: string | undefined,
  flag: string | undefined,
  context: Context,
): Promise<PrTarget> {
  const byNumber = text === undefined ? null : await numbered(text, flag, context);
  return byNumber ?? (await ofBranch(text ?? null, flag, context));
}

/** The pull request that a text names by its number, or null when it may be a branch. */
async function numbered(
  text: string,
  flag: string | undefined,
  context: Pick<Context, "env" | "repo" | "requireDirectory">,
): Promise<PrTarget | null> {
  const ref = text.trim();
  const url = /^(https?:\/\/[^/]+\/.+?)\/pull\/(\d+)(?:[/?#].*)?$/i.exec(ref);
  const [, place, digits] = url ?? /^([^\s#]+\/[^\s#]+)#(\d+)$/.exec(ref) ?? [];
  if (place === undefined && !/^#?\d+$/.test(ref)) return null;
  const named = place ? parseRepo(place) : null;
  if (place && named === null) throw new UsageError(`Cannot read the repository "${place}": wanted [host/]owner/name`);
  const pr = prValue(digits ?? ref);
  const repo = named ?? (await context.repo(flag));
  if (repo === null) {
    context.requireDirectory();
    throw new UsageError(
      `Cannot tell which repository #${pr} is in: ${unknownRepository(context.env)}, or the address of the pull request`,
    );
  }
  return { pr, repo };
}

/** The pull request of a branch; without a name, of the one that is checked out. */
async function ofBranch(ref: string | null, flag: string | undefined, context: Context): Promise<PrTarget> {
  const what = ref === null ? "this branch" : quote(ref);
  const repo = await context.repo(flag);
  if (repo === null) {
    context.requireDirectory();
    throw new UsageError(
      `Cannot find the pull request of ${what}: ${unknownRepository(context.env)}, or the address of the pull request`,
    );
  }
  const [{ impliedKinds, waitKinds }, { pinRequest }, { watchDeps }] = await Promise.all([
    import("../../../plugins/wait-kinds/registry.ts"),
    import("../../watch/register/watch-request.ts"),
    import("../commands/watch/watching.ts"),
  ]);
  const kind = await waitKinds[impliedKinds.pullRequest]();
  const request = { kind, ref, session: "", cwd: context.cwd, repo };
  const found = await pinRequest(request, true, await watchDeps(context)).catch(notWatching);
  if (found.repo && found.pr) return { repo: found.repo, pr: found.pr };
  const absent = found.note?.replace(/^No pull request (.*) yet$/, "No open pull request $1");
  const last = await lastOfBranch(found, context);
  throw new UsageError(`${absent ?? `Cannot find the pull request of ${what}`}${last}: wanted its number or address`);
}

/** ` (#42 was merged)` of the last pull request of a branch that has none open; nothing when GitHub does not say. */
async function lastOfBranch({ repo, identity: { branch } }: Pin, context: Context): Promise<string> {
  if (!repo || typeof branch !== "string") return "";
  const { lastClosedPullRequest } = await import("../../github/read-pull-request.ts");
  try {
    const last = await lastClosedPullRequest(await context.github(), repo, branch);
    return last ? ` (#${last.number} was ${last.merged ? "merged" : "closed"})` : "";
  } catch {
    return "";
  }
}

/** Throws the error of a kind, which says that it cannot watch, for a command that does not. */
function notWatching(error: unknown): never {
  if (!(error instanceof Error) || error.name !== "RefError") throw error;
  const text = error.message
    .replace(/^Cannot watch /, "Cannot find the pull request of ")
    .replace(/^Cannot tell which pull request to watch/, "Cannot tell which pull request is meant");
  throw new UsageError(text, { cause: error });
}
