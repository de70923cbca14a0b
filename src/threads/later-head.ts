import type { GitHub } from "../github/client.ts";
import { GitHubError } from "../github/errors.ts";
import { textAt } from "../github/read.ts";

/** How GitHub's comparison names a head that holds nothing which was not there: the commit itself, or one before it. */
const EARLIER = ["identical", "behind"];

/**
 * Whether a commit was pushed since another was the head: not where the branch was forced back to one before it. Of a commit that GitHub no
 * longer has, the head is another. One request, none for one and the same.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function isLaterHead(github: GitHub, repo: string, begun: string, head: string): Promise<boolean> {
  if (begun === head) return false;
  try {
    const answer = await github.rest<unknown>(`repos/${repo}/compare/${begun}...${head}?per_page=1`);
    return !EARLIER.includes(textAt(answer, "status") ?? "");
  } catch (error) {
    if (error instanceof GitHubError && ["not-found", "refused", "forbidden"].includes(error.problem)) return true;
    throw error;
  }
}
