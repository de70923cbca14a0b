import { UsageError } from "../../core/errors.ts";
import { parseRepo, splitRepo } from "../../core/repo.ts";
import { defaultHost, isGitHub } from "../../github/hosts.ts";
import { chosenBase, type Remote, readRemotes } from "../../github/remotes.ts";
import type { Exec } from "../../process/exec.ts";
import { gitEnv } from "../../process/git.ts";

/** What {@link resolveRepo} needs. */
export interface RepoPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly exec: Exec;
  readonly warn: (text: string) => void;
}

/**
 * The repository that a command is about, by its full name, or null when unknown: `--repo`, then `BROOMVA_P9_REPO` (`-`: none),
 * then `GH_REPO`, then the repository of the directory. A name without a host is of the host that gh takes.
 *
 * @throws {UsageError} when `--repo` names no repository.
 */
export async function resolveRepo(flag: string | undefined, place: RepoPlace): Promise<string | null> {
  const host = defaultHost(place.env);
  if (flag !== undefined) {
    const repo = parseRepo(flag, host);
    if (repo) return repo;
    if (flag === "-") return null;
    throw new UsageError(`Cannot use --repo "${flag}": wanted [host/]owner/name or a URL of the repository`);
  }
  for (const variable of ["BROOMVA_P9_REPO", "GH_REPO"]) {
    const named = place.env[variable];
    if (named === "-") return null;
    const repo = named ? parseRepo(named, host) : null;
    if (repo) return repo;
    if (named) place.warn(`${variable} is "${named}", which is no [host/]owner/name: not used`);
  }
  return await repoOfDirectory(place);
}

/**
 * The repository that `gh` works on in this directory. Uses git without the network; asks `gh` only when several remotes are
 * possible (a fork: the pull requests are the parent's).
 */
async function repoOfDirectory(place: RepoPlace): Promise<string | null> {
  const remotes = await readRemotes(place);
  const chosen = chosenBase(remotes);
  if (chosen !== null) return chosen;
  const origin = remotes.find(({ name }) => name === "origin");
  if (remotes.length > 1 || !origin) {
    const asked = await askGh(remotes, place);
    if (asked !== null) return asked;
  }
  return origin?.repo ?? null;
}

/** Asks gh for its choice among several remotes, at their host. */
async function askGh(remotes: readonly Remote[], { cwd, env, exec }: RepoPlace): Promise<string | null> {
  const hosts = remotes.flatMap(({ repo }) => (repo === null ? [] : [splitRepo(repo).host]));
  const host = hosts.find((one) => isGitHub(one, env));
  if (host === undefined) return null;
  const argv = ["gh", "api", "--hostname", host, "repos/{owner}/{repo}", "--jq", ".full_name"];
  const { code, stdout } = await exec(argv, { cwd, env: gitEnv(env), timeoutMs: 15_000 });
  return code === 0 ? parseRepo(stdout, host) : null;
}
