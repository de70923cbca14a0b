import { type GitPlace, git, oneLine, UnavailableError } from "../../../src/plugin.ts";

/** A line of a file, as `git grep` gives it. */
export interface GrepRow {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** History and generated files, which nobody edits. */
const NEVER = [
  "*.lock",
  "package-lock.json",
  "pnpm-lock.yaml",
  "go.sum",
  "*.min.*",
  "*.map",
  "*.snap",
  "*.svg",
  "*.patch",
  "*.diff",
  "*CHANGELOG*",
  "*HISTORY*",
  "*RELEASES*",
  "*.jsonl",
  "*.log",
  "*.ipynb",
  "node_modules/**",
  "**/node_modules/**",
  "vendor/**",
  "**/vendor/**",
  "dist/**",
  "third_party/**",
  ".changeset/**",
].map((path) => `:(exclude,icase,glob)${path.includes("/") ? path : `**/${path}`}`);
const PROSE = ["*.md", "*.mdx", "*.markdown", "*.rst", "*.adoc", "*.txt"];
const MAX_OUTPUT = 4 << 20;

/** Where to search. */
export const WHERE = {
  prose: PROSE.map((path) => `:(icase)${path}`),
  elsewhere: PROSE.map((path) => `:(exclude,icase)${path}`),
} as const;

/**
 * The lines of tracked files in which `git grep` finds these words.
 *
 * @throws {UnavailableError} when git did not come to its end: that is not "nothing".
 */
export async function gitGrep(
  place: GitPlace,
  words: readonly string[],
  where: readonly string[],
): Promise<readonly GrepRow[]> {
  if (words.length === 0) return [];
  const pattern = words.map((word) => word.replace(/[.+*?^$(){}|[\]\\]/g, "\\$&")).join("|");
  const args = (engine: string) => ["grep", "-nzI", "--no-color", engine, "-e", pattern, "--", ...where, ...NEVER];
  const limits = { timeoutMs: 15_000, maxBytes: MAX_OUTPUT };
  let result = await git(place, args("-P"), limits);
  // A git built without Perl's expressions can do the same more slowly.
  if (result.code === 128 || result.code === 129) result = await git(place, args("-E"), limits);
  if (result.code === 1) return [];
  // Each row ends in a newline: what follows the last one was cut off.
  const rows = result.stdout
    .split("\n")
    .slice(0, -1)
    .map((row) => row.split("\0"));
  if ((result.code !== 0 && !result.truncated) || !rows.some((row) => row.length === 3)) {
    throw new UnavailableError(
      result.timedOut ? "git grep took too long" : `git grep failed: ${oneLine(result.stderr) || "no words"}`,
    );
  }
  return rows.flatMap(([file = "", line = "", text]) => (text ? [{ file, line: Number(line), text }] : []));
}

/** All tracked files. */
export async function trackedFiles(place: GitPlace): Promise<readonly string[]> {
  const { code, stdout } = await git(place, ["ls-files", "-z"], { timeoutMs: 15_000, maxBytes: 64 << 20 });
  if (code !== 0) throw new UnavailableError("git ls-files failed");
  return stdout.split("\0").filter(Boolean);
}
