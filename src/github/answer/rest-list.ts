import type { GitHub } from "../client.ts";
import { GitHubError } from "../errors.ts";
import { at, numberAt } from "../read.ts";

/**
 * A list that REST gives in pages, read to its end: `key` names it in answers like `{ total_count, jobs }`; without one the answer is the list.
 *
 * @throws {GitHubError} `partial` when the answer is no such list, or counts more than it shows.
 */
export async function restList(github: GitHub, path: string, key?: string): Promise<readonly unknown[]> {
  const answer = await github.rest<unknown>(path, { paginate: true });
  const list = key ? at(answer, key) : answer;
  const [name = path] = path.split("?");
  if (!Array.isArray(list)) throw new GitHubError("partial", `GitHub showed no list at ${name}`);
  const total = key ? numberAt(answer, "total_count") : null;
  // GitHub counts all that a search finds and shows the first thousand of it.
  if (total !== null && total <= 1000 && list.length < total) {
    throw new GitHubError("partial", `GitHub showed ${list.length} of ${total} at ${name}`);
  }
  return list;
}

/** The answer, or null where GitHub says that it is not for this login or not there (a server may be too old for it). */
export async function orWithheld<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitHubError && (error.problem === "forbidden" || error.problem === "not-found")) return null;
    throw error;
  }
}
