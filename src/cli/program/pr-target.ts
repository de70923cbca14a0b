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
 * The pull request of `42`, `#42` or its address; the repository comes from the address, else as for every command, and is never
 * guessed.
 *
 * @throws {UsageError} when it names none, or the repository is not known: it is never guessed.
 */
export async function prTarget(
  text: string,
  flag: string | undefined,
  context: Pick<Context, "repo" | "requireDirectory">,
): Promise<PrTarget> {
  const url = /^(https?:\/\/[^/]+\/.+?)\/pull\/(\d+)(?:[/?#].*)?$/.exec(text.trim());
  const named = url ? parseRepo(url[1] ?? "") : null;
  const pr = prValue(url?.[2] ?? text.trim());
  const repo = named ?? (await context.repo(flag));
  if (repo === null) {
    context.requireDirectory();
    throw new UsageError(
      `Cannot tell which repository #${pr} is in: wanted --repo owner/name, or the address of the pull request`,
    );
  }
  return { pr, repo };
}
