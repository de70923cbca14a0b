import { parseRepo, sameRepo } from "../../core/repo.ts";
import { askGit, type GitPlace, workTreeOf } from "../../process/git.ts";

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
  const config = await askGit({ exec, env, cwd: root }, ["config", "--get-regexp", "^remote\\..*\\.url$"]);
  if (config === null) return null;
  const remotes = config.split("\n").flatMap((line) => {
    const [, name, url] = /^remote\.(.+)\.url (.*)$/.exec(line) ?? [];
    return name && url ? [{ name, url }] : [];
  });
  const ours = remotes.filter(({ url }) => sameRepo(parseRepo(url), repo));
  const found = ours.find(({ name }) => name === "origin") ?? ours[0];
  if (found) return found.name;
  // A path or a mirror names no repository, so the only remote is used, as gh does with GH_REPO.
  return remotes.length === 1 && (parseRepo(remotes[0]!.url) === null || /^(?:\/|\.|file:)/.test(remotes[0]!.url))
    ? remotes[0]!.name
    : null;
}
