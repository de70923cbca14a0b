import { existsSync, realpathSync } from "node:fs";
import { delimiter, isAbsolute, join, relative } from "node:path";
import { isIn } from "../confine/hidden.ts";
import { type GitDeps, git, type Worktree } from "./worktree.ts";

/**
 * `PATH` for the commands of a heal. An entry in the checkout that holds files of a commit (`bin`, added by direnv) becomes the
 * worktree's: the head was agreed to, and not what the user has checked out. What is only installed there stays where it is.
 */
export async function pathInHeal({ dir, root }: Worktree, deps: GitDeps): Promise<string | undefined> {
  const { PATH } = deps.env;
  if (PATH === undefined) return undefined;
  const checkout = realpathSync(root);
  const entries = PATH.split(delimiter).filter(isAbsolute);
  const own = entries.map(async (entry) => {
    const real = existsSync(entry) ? realpathSync(entry) : entry;
    if (!isIn(real, checkout)) return entry;
    const inside = relative(checkout, real) || ".";
    const tracked = await git(root, ["ls-files", "--", `:(literal)${inside}`], deps);
    return tracked.code === 0 && tracked.stdout === "" ? entry : join(dir, inside);
  });
  return (await Promise.all(own)).join(delimiter);
}
