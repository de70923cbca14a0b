import { sameRepo } from "../../core/repo.ts";
import { readRemotes } from "../../github/remotes.ts";
import { type GitPlace, workTreeOf } from "../../process/git.ts";

/** Root of the checkout that `cwd` lies in, if it is one of `repo` (null: of any); else null. */
export async function workRoot(
  cwd: string,
  repo: string | null,
  { exec, env }: Pick<GitPlace, "exec" | "env">,
): Promise<string | null> {
  const root = await workTreeOf({ exec, env, cwd });
  if (root === null || repo === null) return root;
  return (await remoteOf(root, repo, { exec, env })) === null ? null : root;
}

/** The remote of a checkout that is `repo`, `origin` first; null when none is. */
export async function remoteOf(
  root: string,
  repo: string,
  { exec, env }: Pick<GitPlace, "exec" | "env">,
): Promise<string | null> {
  const remotes = await readRemotes({ exec, env, cwd: root });
  const ours = remotes.filter((remote) => sameRepo(remote.repo, repo));
  const found = ours.find(({ name }) => name === "origin") ?? ours[0];
  if (found) return found.name;
  // A path or a mirror names no repository, so the only remote is used, as gh does with GH_REPO.
  const [only, ...more] = remotes;
  const namesNone = only && (only.repo === null || /^(?:\/|\.|file:)/.test(only.url));
  return namesNone && more.length === 0 ? only.name : null;
}
