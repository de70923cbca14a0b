import type { GitHub } from "../client.ts";
import { GitHubError } from "../errors.ts";
import { at, numberAt } from "../read.ts";

/**
 * Reads a list of REST to its end. `key` names it in answers like `{ total_count, jobs }`; without `key` the answer is the list.
 *
 * @throws {GitHubError} `partial` when the answer is no such list, or `total_count` exceeds it.
 */
export async function restList(github: GitHub, path: string, key?: string): Promise<readonly unknown[]> {
  const answer = await github.rest<unknown>(path, { paginate: true });
  const list = key ? at(answer, key) : answer;
  const [name = path] = path.split("?");
  if (!Array.isArray(list)) throw new GitHubError("partial", `GitHub showed no list at ${name}`);
  const total = key ? numberAt(answer, "total_count") : null;
  // GitHub counts all results of a search and shows the first thousand.
  if (total !== null && total <= 1000 && list.length < total) {
    throw new GitHubError("partial", `GitHub showed ${list.length} of ${total} at ${name}`);
  }
  return list;
}

/** Resolves with the answer, or null when it is `forbidden` or `not-found` (perhaps because the server is too old). */
export async function orWithheld<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitHubError && (error.problem === "forbidden" || error.problem === "not-found")) return null;
    throw error;
  }
}
