import type { GitHub } from "../../github/client.ts";
import { textAt } from "../../github/read.ts";

const PER_PAGE = 100;
/** Of a pull request of more files, the first ones say enough about which lines are near. */
const MAX_PAGES = 3;

/**
 * Files that a pull request changes, from the root of the repository: the first 300, for the order of evidence. None when they
 * cannot be read; a failure is told without them.
 */
export async function touchedFiles(repo: string, number: number, github: GitHub): Promise<readonly string[]> {
  const files: string[] = [];
  try {
    for (let page = 1; page <= MAX_PAGES; page++) {
      const path = `repos/${repo}/pulls/${number}/files?per_page=${PER_PAGE}${page > 1 ? `&page=${page}` : ""}`;
      const rows = await github.rest<unknown>(path);
      if (!Array.isArray(rows)) break;
      files.push(...rows.flatMap((row) => textAt(row, "filename") ?? []));
      if (rows.length < PER_PAGE) break;
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === "GitHubError")) throw error;
  }
  return files;
}
