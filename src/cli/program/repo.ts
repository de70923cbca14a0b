import { UsageError } from "../../core/errors.ts";
import { parseRepo } from "../../core/repo.ts";
import type { Exec } from "../../process/exec.ts";
import { askGit, gitEnv } from "../../process/git.ts";

/** What {@link resolveRepo} needs. */
export interface RepoPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly exec: Exec;
  readonly warn: (text: string) => void;
}

/**
 * The repository that a command is about, as `owner/name`, or null when unknown: `--repo`, then `BROOMVA_P9_REPO` (`-`: none),
 * then the repository of the directory.
 *
 * @throws {UsageError} when `--repo` names no repository.
 */
export async function resolveRepo(flag: string | undefined, place: RepoPlace): Promise<string | null> {
  if (flag !== undefined) {
    const repo = parseRepo(flag);
    if (repo) return repo;
    if (flag === "-") return null;
    throw new UsageError(`Cannot use --repo "${flag}": wanted owner/name or a URL of the repository`);
  }
  const named = place.env.BROOMVA_P9_REPO;
  if (named === "-") return null;
  if (named) {
    const repo = parseRepo(named);
    if (repo) return repo;
    place.warn(`BROOMVA_P9_REPO is "${named}", which is no owner/name: not used`);
  }
  return await repoOfDirectory(place);
}

/**
 * The repository that `gh` works on in this directory. What git knows answers without the network; `gh` is asked when
 * several remotes leave it open (a fork: the pull requests are the parent's).
 */
async function repoOfDirectory({ cwd, env, exec }: RepoPlace): Promise<string | null> {
  const config = await askGit({ exec, env, cwd }, ["config", "--get-regexp", "^remote\\..*\\.(url|gh-resolved)$"]);
  if (config === null) return null;
  const remotes = readRemotes(config);
  const chosen = remotes.find((remote) => remote.resolved);
  if (chosen) return chosen.resolved === "base" ? parseRepo(chosen.url) : parseRepo(chosen.resolved);
  const origin = remotes.find((remote) => remote.name === "origin");
  if (remotes.length > 1 || !origin) {
    // gh asks git which repository it is in.
    const about = { cwd, env: gitEnv(env), timeoutMs: 15_000 };
    const gh = await exec(["gh", "api", "repos/{owner}/{repo}", "--jq", ".full_name"], about);
    if (gh.code === 0) return parseRepo(gh.stdout);
  }
  return origin ? parseRepo(origin.url) : null;
}

interface Remote {
  readonly name: string;
  url: string;
  /** What `gh repo set-default` wrote: `base`, or the name of a repository. */
  resolved: string;
}

function readRemotes(config: string): Remote[] {
  const remotes = new Map<string, Remote>();
  for (const line of config.split("\n")) {
    const match = /^remote\.(.+)\.(url|gh-resolved) (.*)$/.exec(line);
    if (!match) continue;
    const [, name = "", key, value = ""] = match;
    const remote = remotes.get(name) ?? { name, url: "", resolved: "" };
    remotes.set(name, remote);
    // Of several URLs of one remote, the first is the one that is fetched from.
    if (key === "url") remote.url ||= value;
    else remote.resolved = value;
  }
  return [...remotes.values()];
}
