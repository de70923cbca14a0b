import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { readSmallFile } from "../../base/small-file.ts";
import { oneLine } from "../../base/text.ts";
import { ExternalError, HeadMovedError } from "../../core/errors.ts";
import type { ExecResult } from "../../process/exec.ts";
import { git as askOwnGit, type GitPlace, withoutFilters } from "../../process/git.ts";
import { makeDir } from "../../store/files.ts";
import { removeTree } from "../confine/scratch.ts";

/** What working in git needs. */
export type GitDeps = Pick<GitPlace, "exec" | "env">;

/** A detached worktree at a commit, beside the user's checkout and never in it. */
export interface Worktree {
  /** Where healing happens. */
  readonly dir: string;
  /** The user's checkout that it belongs to. */
  readonly root: string;
  /** Folders in it that p9 put there (copies of installed dependencies): never part of a commit. */
  readonly brought: readonly string[];
  /** The text of its `.git`, which says what repository it belongs to. */
  readonly gitFile: string;
  /** Whether its files are as they stand in the commit, because git has filters that were not run. */
  readonly unfiltered: boolean;
}

/** Runs git in `cwd` for a heal, in English because its output is parsed, and without prompts. */
export function git(
  cwd: string,
  args: readonly string[],
  { exec, env }: GitDeps,
  timeoutMs = 120_000,
): Promise<ExecResult> {
  return askOwnGit(
    { exec, env: { ...env, LC_ALL: "C" }, cwd },
    ["-c", "commit.gpgsign=false", "-c", "submodule.recurse=false", ...args],
    { timeoutMs },
  );
}

/** Runs git; throws an error that names the action when it does not exit with 0. */
export async function gitOk(cwd: string, args: readonly string[], deps: GitDeps, action: string): Promise<string> {
  const result = await git(cwd, args, deps);
  if (result.code !== 0)
    throw new ExternalError(`Cannot ${action}: ${oneLine(result.stderr || result.stdout || "git failed", 300)}`);
  return result.stdout;
}

/**
 * Makes sure that git works on the worktree and on the repository that it was made from, whatever a command did there. Another one
 * would be the user's own folder, or bring a configuration that names programs.
 *
 * @throws {ExternalError} when it does not: the user's own changes would be taken for the heal.
 */
export async function requireOwnTree({ dir, gitFile }: Worktree, deps: GitDeps): Promise<void> {
  const found = lstatSync(join(dir, ".git"), { throwIfNoEntry: false });
  if (found && (!found.isFile() || readSmallFile(join(dir, ".git")) !== gitFile))
    throw new ExternalError(`Cannot stage the heal: its worktree "${dir}" belongs to another repository now`);
  const top = (await gitOk(dir, ["rev-parse", "--show-toplevel"], deps, "find the heal's worktree")).trimEnd();
  if (realpathSync(top) !== realpathSync(dir))
    throw new ExternalError(
      `Cannot stage the heal: git works in "${oneLine(top, 200)}" and not in its worktree "${dir}"`,
    );
}

/** Makes sure that the checkout has the commit; fetches it from `remote` if not. Touches no ref and no file of the checkout. */
export async function haveCommit(
  root: string,
  remote: string,
  sha: string,
  branch: string,
  deps: GitDeps,
): Promise<void> {
  if ((await git(root, ["cat-file", "-e", `${sha}^{commit}`], deps)).code === 0) return;
  const only = ["--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance"];
  const quiet = ["fetch", "--quiet", ...only, remote];
  if ((await git(root, [...quiet, sha], deps)).code === 0) return;
  await gitOk(root, [...quiet, `refs/heads/${branch}`], deps, `fetch the commit ${sha.slice(0, 12)}`);
  if ((await git(root, ["cat-file", "-e", `${sha}^{commit}`], deps)).code !== 0)
    throw new HeadMovedError(`Cannot find the commit ${sha.slice(0, 12)} at the remote: the branch has moved on`);
}

/**
 * Makes the worktree, after clearing what a heal that was killed left behind. No filter of git's runs: the commit chooses which do,
 * and nothing was agreed to yet.
 */
export async function addWorktree(root: string, folder: string, sha: string, deps: GitDeps): Promise<Worktree> {
  const off = await withoutFilters({ ...deps, cwd: root });
  if (off === null)
    throw new ExternalError("Cannot make a worktree: git's configuration names a filter that cannot be switched off");
  await clearLeftovers(root, folder, deps);
  makeDir(folder);
  const dir = join(folder, `${sha.slice(0, 12)}-${process.pid}`);
  await gitOk(root, [...off, "worktree", "add", "--quiet", "--detach", dir, sha], deps, "make a worktree");
  return { dir, root, brought: [], gitFile: readSmallFile(join(dir, ".git")), unfiltered: off.length > 0 };
}

/** The worktree with its files as git's filters make them (large files, decrypted ones): once what stands in it was agreed to. */
export async function withFilters(worktree: Worktree, deps: GitDeps): Promise<Worktree> {
  if (!worktree.unfiltered) return worktree;
  const action = "write the files of the worktree";
  await gitOk(worktree.dir, ["read-tree", "--empty"], deps, action);
  await gitOk(worktree.dir, ["reset", "--hard", "--quiet", "HEAD"], deps, action);
  return { ...worktree, unfiltered: false };
}

/** Removes the worktree; never touches the checkout's own files. */
export async function removeWorktree({ root, dir }: Pick<Worktree, "root" | "dir">, deps: GitDeps): Promise<void> {
  // Not by git: it would stop at folders that nobody may write. A link in the worktree is removed, not followed.
  removeTree(dir);
  await git(root, ["worktree", "prune"], deps);
}

/** Removes leftovers in the folder; safe under the heal lock, since no living process owns them. */
async function clearLeftovers(root: string, folder: string, deps: GitDeps): Promise<void> {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    try {
      removeTree(join(folder, name));
    } catch {
      // One that cannot be removed stands in nobody's way.
    }
  }
  await git(root, ["worktree", "prune"], deps);
}

/** Folder of p9's worktrees for a state directory; one below it per repository. */
export function healFolder(home: string, repo: string): string {
  return join(home, "heal", dirname(repo), repo.slice(repo.lastIndexOf("/") + 1));
}
