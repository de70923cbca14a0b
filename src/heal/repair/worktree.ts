import { existsSync, lstatSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { readSmallFile } from "../../base/small-file.ts";
import { oneLine } from "../../base/text.ts";
import { ExternalError, HeadMovedError } from "../../core/errors.ts";
import type { ExecResult } from "../../process/exec.ts";
import { git as askOwnGit, type GitPlace } from "../../process/git.ts";
import { makeDir } from "../../store/files.ts";

/** What working in git needs. */
export type GitDeps = Pick<GitPlace, "exec" | "env">;

/** A detached worktree at a commit, beside the user's checkout and never in it. */
export interface Worktree {
  /** Where healing happens. */
  readonly dir: string;
  /** The user's checkout that it belongs to. */
  readonly root: string;
  /** Paths in it that p9 put there (links to installed dependencies): never part of a commit. */
  readonly links: readonly string[];
}

/** Runs git in `cwd` for a heal, in English because its output is parsed, and without prompts. */
export function git(
  cwd: string,
  args: readonly string[],
  { exec, env }: GitDeps,
  timeoutMs = 120_000,
): Promise<ExecResult> {
  return askOwnGit({ exec, env: { ...env, LC_ALL: "C" }, cwd }, ["-c", "commit.gpgsign=false", ...args], { timeoutMs });
}

/** Runs git; throws an error that names the action when it does not exit with 0. */
export async function gitOk(cwd: string, args: readonly string[], deps: GitDeps, action: string): Promise<string> {
  const result = await git(cwd, args, deps);
  if (result.code !== 0)
    throw new ExternalError(`Cannot ${action}: ${oneLine(result.stderr || result.stdout || "git failed", 300)}`);
  return result.stdout;
}

/**
 * when it does not, because the user's own changes would be committed as the heal.
 *
 * @throws {ExternalError} when it does not: the user's own changes would be taken for the heal.
 */
export async function requireOwnTree({ dir }: Worktree, deps: GitDeps): Promise<void> {
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
  const quiet = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", remote];
  if ((await git(root, [...quiet, sha], deps)).code === 0) return;
  await gitOk(root, [...quiet, `refs/heads/${branch}`], deps, `fetch the commit ${sha.slice(0, 12)}`);
  if ((await git(root, ["cat-file", "-e", `${sha}^{commit}`], deps)).code !== 0)
    throw new HeadMovedError(`Cannot find the commit ${sha.slice(0, 12)} at the remote: the branch has moved on`);
}

/** Makes the worktree, after clearing what a heal that was killed left behind. */
export async function addWorktree(root: string, folder: string, sha: string, deps: GitDeps): Promise<Worktree> {
  await clearLeftovers(root, folder, deps);
  makeDir(folder);
  const dir = join(folder, `${sha.slice(0, 12)}-${process.pid}`);
  await gitOk(root, ["worktree", "add", "--quiet", "--detach", dir, sha], deps, "make a worktree");
  return { dir, root, links: [] };
}

/** Removes the worktree; never touches the checkout's own files. */
export async function removeWorktree({ root, dir, links }: Worktree, deps: GitDeps): Promise<void> {
  // Remove links first: removing through them would empty the user's own folders.
  for (const link of links) if (isLink(join(dir, link))) rmSync(join(dir, link));
  await git(root, ["worktree", "remove", "--force", "--force", dir], deps);
  rmSync(dir, { recursive: true, force: true });
  await git(root, ["worktree", "prune"], deps);
}

/** Removes leftovers in the folder; safe under the heal lock, since no living process owns them. */
async function clearLeftovers(root: string, folder: string, deps: GitDeps): Promise<void> {
  if (existsSync(folder)) {
    for (const name of readdirSync(folder))
      await removeWorktree({ root, dir: join(folder, name), links: findLinks(join(folder, name)) }, deps);
  }
  await git(root, ["worktree", "prune"], deps);
}

function findLinks(dir: string): string[] {
  if (!lstatSync(dir).isDirectory()) return [];
  return readdirSync(dir).filter((name) => isLink(join(dir, name)));
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** Installed dependencies and the files that must be equal for them to fit. */
const DEPENDENCIES: readonly { readonly folder: string; readonly locks: readonly string[] }[] = [
  {
    folder: "node_modules",
    locks: [
      "package-lock.json",
      "npm-shrinkwrap.json",
      "pnpm-lock.yaml",
      "yarn.lock",
      "bun.lock",
      "bun.lockb",
      "package.json",
    ],
  },
  { folder: ".venv", locks: ["uv.lock", "poetry.lock", "pdm.lock", "requirements.txt", "pyproject.toml"] },
  { folder: "vendor", locks: ["Gemfile.lock", "composer.lock"] },
  { folder: "deps", locks: ["mix.lock"] },
];

/** Links the checkout's installed dependencies into the worktree where their lock files are equal. */
export function linkDependencies(worktree: Worktree): Worktree {
  const links: string[] = [];
  for (const base of ["", ...packages(worktree.dir)]) {
    for (const { folder, locks } of DEPENDENCIES) {
      const from = join(worktree.root, base, folder);
      const to = join(worktree.dir, base, folder);
      const has = lstatSync(from, { throwIfNoEntry: false })?.isDirectory() === true;
      if (!has || existsSync(to) || isLink(to) || !sameLocks(worktree, base, locks)) continue;
      symlinkSync(from, to, "dir");
      links.push(join(base, folder));
    }
  }
  return { ...worktree, links };
}

function sameLocks({ root, dir }: Worktree, base: string, locks: readonly string[]): boolean {
  const relevant = locks.filter(
    (lock) => !lock.endsWith(".json") || lock.includes("lock") || lock.includes("shrinkwrap"),
  );
  const here = relevant.filter((lock) => existsSync(join(dir, base, lock)) || existsSync(join(root, base, lock)));
  // Without a lock file the manifest is compared.
  const compared = here.length > 0 ? here : locks.filter((lock) => existsSync(join(dir, base, lock)));
  return compared.length > 0
    ? compared.every((lock) => same(join(root, base, lock), join(dir, base, lock)))
    : base !== "";
}

/** The largest lock file that is compared. */
const MAX_LOCK_BYTES = 64 * 1024 * 1024;

function same(a: string, b: string): boolean {
  try {
    return readSmallFile(a, MAX_LOCK_BYTES) === readSmallFile(b, MAX_LOCK_BYTES);
  } catch {
    return false;
  }
}

/** Folders of workspace packages, one and two levels down. */
function packages(dir: string): string[] {
  const found: string[] = [];
  for (const group of ["packages", "apps", "libs", "services", "crates"]) {
    const at = join(dir, group);
    if (!existsSync(at) || !lstatSync(at).isDirectory()) continue;
    for (const name of readdirSync(at)) if (existsSync(join(at, name, "package.json"))) found.push(join(group, name));
  }
  return found.slice(0, 100);
}

/** Folder of p9's worktrees for a state directory; one below it per repository. */
export function healFolder(home: string, repo: string): string {
  return join(home, "heal", dirname(repo), repo.slice(repo.lastIndexOf("/") + 1));
}
