import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changedFiles, tooLarge } from "../../../src/heal/repair/scope.ts";
import { addWorktree, removeWorktree, requireOwnTree } from "../../../src/heal/repair/worktree.ts";
import { run } from "../../../src/process/exec.ts";

/** A worktree of a checkout, in a home that the user keeps in git, so that p9's folder is in a repository, too. */
async function worktreeIn() {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "p9-tree-")));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: "1" };
  const gitIn = (folder: string, ...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b.test", ...args], {
      env,
      encoding: "utf8",
    });
  gitIn(dir, "init", "-q");
  const root = join(dir, "checkout");
  mkdirSync(root);
  gitIn(root, "init", "-q");
  writeFileSync(join(root, "a"), "a\n");
  gitIn(root, "add", "a");
  gitIn(root, "commit", "-qm", "one");
  // A submodule, which no worktree checks out.
  const head = gitIn(root, "rev-parse", "HEAD").trim();
  gitIn(root, "update-index", "--add", "--cacheinfo", `160000,${head},sub`);
  gitIn(root, "commit", "-qm", "two");
  const deps = { exec: run, env };
  const worktree = await addWorktree(root, join(dir, "heal"), gitIn(root, "rev-parse", "HEAD").trim(), deps);
  return { dir, deps, worktree, gitIn };
}

test("nothing is staged for a heal whose command took its worktree from git: git would find the user's own folder", async () => {
  const { dir, deps, worktree } = await worktreeIn();
  await requireOwnTree(worktree, deps);
  rmSync(join(worktree.dir, ".git"));
  await expect(requireOwnTree(worktree, deps)).rejects.toThrow(`git works in "${dir}" and not in its worktree`);
});

test("nothing is staged for a heal whose command made its worktree a repository of its own, with programs for git to run", async () => {
  const { deps, worktree, gitIn } = await worktreeIn();
  rmSync(join(worktree.dir, ".git"));
  gitIn(worktree.dir, "init", "-q");
  await expect(requireOwnTree(worktree, deps)).rejects.toThrow("belongs to another repository now");
});

test("a worktree is removed though a command left folders that nobody may write and that no path can name", async () => {
  const { dir, deps, worktree } = await worktreeIn();
  mkdirSync(join(dir, "kept"));
  const deep = `for i in $(seq 30); do mkdir ${"deep".repeat(50)} && cd deep* || exit 1; done`;
  const shut = `mkdir -p shut/in && ln -s '${join(dir, "kept")}' shut/out && chmod 0 shut/in && chmod 500 shut`;
  execFileSync("bash", ["-c", `${shut}; ${deep}`], { cwd: worktree.dir });
  await removeWorktree(worktree, deps);
  expect([existsSync(worktree.dir), existsSync(join(dir, "kept"))]).toEqual([false, true]);
});

test("what git would run in a repository that a command put into a submodule's place does not run", async () => {
  const { dir, deps, worktree, gitIn } = await worktreeIn();
  const sub = join(worktree.dir, "sub");
  gitIn(sub, "init", "-q");
  writeFileSync(join(sub, "b"), "b\n");
  gitIn(sub, "add", "b");
  gitIn(sub, "commit", "-qm", "b");
  writeFileSync(join(sub, ".git/info/attributes"), "* filter=mark\n");
  gitIn(sub, "config", "filter.mark.clean", `touch '${join(dir, "mark")}'; cat`);
  writeFileSync(join(sub, "b"), "c\n");
  writeFileSync(join(worktree.dir, "a"), "healed\n");
  expect(await changedFiles(worktree, deps)).toEqual(["a"]);
  expect(existsSync(join(dir, "mark"))).toBe(false);
});

test("a repair that puts a file in a folder's place is measured by what it leaves", async () => {
  const { worktree } = await worktreeIn();
  writeFileSync(join(worktree.dir, "folder"), "a file now\n");
  expect(tooLarge(worktree, ["folder", "folder/a", "none"])).toBeNull();
  truncateSync(join(worktree.dir, "a"), 200 * 1024 * 1024);
  expect(tooLarge(worktree, ["folder/a", "a"])).toBe(200 * 1024 * 1024);
});
