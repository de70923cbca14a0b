import { lstatSync } from "node:fs";
import { join } from "node:path";
import { underAny } from "../../base/glob.ts";
import type { GitHub } from "../../github/client.ts";
import { type GitDeps, gitOk, requireOwnTree, type Worktree } from "./worktree.ts";

/** Files that the pull request changes, with the names that renamed ones had. */
export async function filesOfPull(github: GitHub, repo: string, number: number): Promise<string[]> {
  const rows = await github.rest<{ filename?: unknown; previous_filename?: unknown }[]>(
    `repos/${repo}/pulls/${number}/files?per_page=100`,
    { paginate: true },
  );
  return rows.flatMap(({ filename, previous_filename }) =>
    [filename, previous_filename].filter((name): name is string => typeof name === "string"),
  );
}

/** What the heal changed in the worktree, what p9 brought left out. Git looks into no repository within: it would run what that names. */
export async function changedFiles(worktree: Worktree, deps: GitDeps): Promise<string[]> {
  await requireOwnTree(worktree, deps);
  const status = await gitOk(
    worktree.dir,
    ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=all"],
    deps,
    "read what the heal changed",
  );
  const files = status
    .split("\0")
    .filter((entry) => entry.length > 3)
    .map((entry) => entry.slice(3));
  return files.filter((file) => !worktree.brought.some((folder) => file.startsWith(`${folder}/`)));
}

/** What a repair may hold: GitHub takes no file of more. */
const MAX_BYTES = 100 * 1024 * 1024;

/** Size of the changed files in bytes when it is more than a repair may hold, else null. A command may leave a file of any size. */
export function tooLarge({ dir }: Worktree, files: readonly string[]): number | null {
  const total = files.reduce((sum, file) => sum + sizeOf(join(dir, file)), 0);
  return total > MAX_BYTES ? total : null;
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path).size;
  } catch {
    // A repair may remove a file, and the folder that it was in.
    return 0;
  }
}

/** Files that a heal may not change: those that are neither in the pull request nor allowed by the policy. */
export function outOfScope(
  changed: readonly string[],
  ofPull: readonly string[],
  allowed: readonly string[],
): string[] {
  const inPull = new Set(ofPull);
  return changed.filter((file) => !inPull.has(file) && !(allowed.length > 0 && underAny(file, allowed)));
}
