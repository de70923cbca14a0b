import { UsageError } from "../../core/errors.ts";
import { parseRepo } from "../../core/repo.ts";
import type { Context } from "./context.ts";
import { prValue } from "./values.ts";

/** A pull request that a command is about. */
export interface PrTarget {
  readonly pr: number;
  readonly repo: string;
}

/**
 * The pull request of `42`, `#42`, `[host/]owner/name#42` or its address; the repository comes from there, else as for every command,
 * and is never guessed.
 *
 * @throws {UsageError} when it names none, or the repository is not known: it is never guessed.
 */
export async function prTarget(
  text: string,
  flag: string | undefined,
  context: Pick<Context, "repo" | "requireDirectory">,
): Promise<PrTarget> {
  const ref = text.trim();
  const url = /^(https?:\/\/[^/]+\/.+?)\/pull\/(\d+)(?:[/?#].*)?$/.exec(ref);
  const [, place, number] = url ?? /^([^\s#]+\/[^\s#]+)#(\d+)$/.exec(ref) ?? [];
  const named = place ? parseRepo(place) : null;
  if (place && named === null) throw new UsageError(`Cannot read the repository "${place}": wanted [host/]owner/name`);
  const pr = prValue(number ?? ref);
  const repo = named ?? (await context.repo(flag));
  if (repo === null) {
    context.requireDirectory();
    throw new UsageError(
      `Cannot tell which repository #${pr} is in: wanted --repo owner/name, or the address of the pull request`,
    );
  }
  return { pr, repo };
}
