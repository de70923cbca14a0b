import { UsageError } from "../../../core/errors.ts";
import { hasChecks } from "../../../core/traits.ts";
import type { Wait } from "../../../core/wait.ts";
import type { Context } from "../../program/context.ts";
import { type PrTarget, prTarget } from "../../program/pr-target.ts";
import { findNamed, findWait } from "../../show/find-wait.ts";
import { isAddress, namedRun, type RunPage, runPage } from "./run-page.ts";

/** What a command about jobs is about: a pull request (at a commit, or at its head), another wait, or the page of a run or job. */
export type Subject =
  | { readonly pull: PrTarget; readonly sha: string | null; readonly wait?: undefined; readonly page?: undefined }
  | { readonly wait: Wait; readonly page?: undefined }
  | { readonly page: RunPage; readonly wait?: undefined };

/** What `--help` says of an argument that {@link subjectOf} reads. */
export const SUBJECT_ARGUMENT =
  "a pull request (number, address, owner/name#number, branch), a run or job of a CI (its address, run:<id>) or a wait (id, name); default: the pull request of this branch";

/**
 * Finds what a text names; a wait of a pull request stands for the pull request at the commit that was watched.
 *
 * @throws {UsageError} or the kind's `RefError` when there is no such thing.
 */
export async function subjectOf(
  text: string | undefined,
  flag: string | undefined,
  context: Context,
): Promise<Subject> {
  const named = text?.trim() ?? "";
  const number = /^#?(\d+)$/.exec(named)?.[1];
  if (number !== undefined) return ofNumber(named, Number(number), flag, context);
  const wait = named === "" ? null : findNamed(await context.store(), named);
  if (wait === null) {
    const page = isAddress(named) ? await runPage(named, context) : await namedRun(named, flag, context);
    if (page !== null) return { page };
    return { pull: await prTarget(text, flag, context).catch(noWaitEither(named)), sha: null };
  }
  const { repo, pr, sha } = wait;
  return hasChecks(wait) && repo !== null && pr !== null ? { pull: { repo, pr }, sha } : { wait };
}

/** Throws the error of what is no pull request; what was meant for a wait is told that it is none. */
function noWaitEither(named: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof UsageError) || named === "" || error.hint !== undefined) throw error;
    const hint = `There is no wait of that name either: p9 status lists them`;
    throw new UsageError(error.message, { cause: error, hint });
  };
}

/** Without a repository at hand, a number is that of the pull request which is watched. */
async function ofNumber(named: string, pr: number, flag: string | undefined, context: Context): Promise<Subject> {
  if ((await context.repo(flag)) === null) {
    const store = await context.store();
    const isWatched = [...store.read().waits.values()].some((wait) => wait.pr === pr);
    const repo = isWatched ? (await findWait(store, named, async () => null)).repo : null;
    if (repo !== null) return { pull: { repo, pr }, sha: null };
  }
  return { pull: await prTarget(named, flag, context), sha: null };
}
