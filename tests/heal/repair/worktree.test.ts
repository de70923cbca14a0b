import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { addWorktree, requireOwnTree } from "../../../src/heal/repair/worktree.ts";
import { run } from "../../../src/process/exec.ts";

test("nothing is staged for a heal whose command took its worktree from git: git would find the user's own folder", async () => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "p9-tree-")));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: "1" };
  // A user who keeps the home folder in git has p9's folder in a repository.
  execFileSync("git", ["init", "-q", dir], { env });
  const root = join(dir, "checkout");
  mkdirSync(root);
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b.test", ...args], {
      env,
      encoding: "utf8",
    });
  git("init", "-q");
  writeFileSync(join(root, "a"), "a\n");
  git("add", "a");
  git("commit", "-qm", "one");
  const deps = { exec: run, env };
  const worktree = await addWorktree(root, join(dir, "heal"), git("rev-parse", "HEAD").trim(), deps);
  await requireOwnTree(worktree, deps);
  rmSync(join(worktree.dir, ".git"));
  await expect(requireOwnTree(worktree, deps)).rejects.toThrow(`git works in "${dir}" and not in its worktree`);
});
