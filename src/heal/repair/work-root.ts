import { redact } from "../../base/redact.ts";
import { quote } from "../../base/text.ts";
import { ForbiddenError } from "../../core/errors.ts";
import { sameRepo } from "../../core/repo.ts";
import { readRemotes, repoOfUrl } from "../../github/remotes.ts";
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
  const remotes = await readRemotes({ exec, env, cwd: root });
  const ours = remotes.filter((remote) => sameRepo(remote.repo, repo));
  const found = ours.find(({ name }) => name === "origin") ?? ours[0];
  if (found) return found.name;
  // A path or a mirror names no repository, so the only remote is used, as gh does with GH_REPO.
  const [only, ...more] = remotes;
  const namesNone = only && (only.repo === null || /^(?:\/|\.|file:)/.test(only.url));
  return namesNone && more.length === 0 ? only.name : null;
}

/**
 * Makes sure that what is pushed to a remote arrives where p9 looked for the head: git may be told to push to other places than it
 * fetches from.
 *
 * @throws {ForbiddenError} (7) naming one that is not this repository.
 */
export async function requirePushesTo(
  repo: string,
  remote: string,
  root: string,
  { exec, env }: Pick<GitPlace, "exec" | "env">,
): Promise<void> {
  const place = { exec, env, cwd: root };
  const addresses = async (...which: string[]) =>
    (await askGit(place, ["remote", "get-url", "--all", ...which, remote]))?.split("\n") ?? [];
  const from = await addresses();
  for (const address of await addresses("--push")) {
    if (from.includes(address)) continue;
    const pushed = await repoOfUrl(address, place);
    if (pushed !== null && sameRepo(pushed, repo)) continue;
    throw new ForbiddenError(
      `Cannot heal in this checkout: a push to its remote ${quote(remote, 80)} goes to ${quote(redact(address), 120)} and not to ${repo}`,
      { hint: `git config --unset-all remote.${quote(remote, 80)}.pushurl, if that is not wanted` },
    );
  }
}
