import type { Exec } from "../base/exec-types.ts";
import { fullName, parseRepo, splitRepo } from "../core/repo.ts";
import { askGit } from "../process/git.ts";
import { isGitHub } from "./hosts.ts";

/** The checkout whose remotes are read. */
export interface RemotesPlace {
  readonly exec: Exec;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** A remote of a checkout. */
export interface Remote {
  readonly name: string;
  /** Full name of the repository that it fetches from; null when its address names none (a path). */
  readonly repo: string | null;
  /** Address as configured; of several, the one to fetch from. */
  readonly url: string;
  /** Choice of `gh repo set-default`: `base` (this remote), or the name of a repository; else empty. */
  readonly chosen: string;
}

/** Reads the remotes of the checkout around `cwd`, in the order of git's configuration; empty outside a checkout. */
export async function readRemotes(place: RemotesPlace): Promise<readonly Remote[]> {
  const config = await askGit(place, ["config", "--get-regexp", "^remote\\..*\\.(url|gh-resolved)$"]);
  const found = new Map<string, { url: string; chosen: string }>();
  for (const line of (config ?? "").split("\n")) {
    const [, name, key, value = ""] = /^remote\.(.+)\.(url|gh-resolved) (.*)$/.exec(line) ?? [];
    // Git would take it for an option.
    if (!name || name.startsWith("-")) continue;
    const remote = found.get(name) ?? { url: "", chosen: "" };
    if (key === "url") remote.url ||= value;
    else remote.chosen = value;
    found.set(name, remote);
  }
  return Promise.all(
    [...found].map(async ([name, { url, chosen }]) => ({ name, url, chosen, repo: await repoOfUrl(url, place) })),
  );
}

/** Reads the full name of the repository that `git push <remote>` pushes to. `remote`: a remote's name or an address. */
export async function repoPushedTo(remote: string, place: RemotesPlace): Promise<string | null> {
  if (!/^[^:/\\]+$/.test(remote)) return repoOfUrl(remote, place);
  for (const key of ["pushurl", "url"]) {
    const url = await askGit(place, ["config", "--get", `remote.${remote}.${key}`]);
    const repo = url ? await repoOfUrl(url, place) : null;
    if (repo !== null) return repo;
  }
  return null;
}

/**
 * Reads the full name of the repository at an address as git uses it, with `insteadOf` and host aliases of ssh's configuration,
 * without the network. Null when the address names no repository.
 */
export async function repoOfUrl(url: string, place: RemotesPlace): Promise<string | null> {
  const written = parseRepo(url);
  if (written === null || isGitHub(splitRepo(written).host, place.env)) return written;
  const used = await askGit(place, ["ls-remote", "--get-url", "--", url]);
  const expanded = used && used !== url ? (parseRepo(used) ?? written) : written;
  const { host, name } = splitRepo(expanded);
  if (isGitHub(host, place.env) || !isSsh(used ?? url)) return expanded;
  return fullName((await sshHost(host, place)) ?? host, name);
}

/** The repository that `gh repo set-default` chose among these remotes, or null. */
export function chosenBase(remotes: readonly Remote[]): string | null {
  const remote = remotes.find(({ chosen }) => chosen !== "");
  if (!remote) return null;
  if (remote.chosen === "base") return remote.repo;
  return parseRepo(remote.chosen, remote.repo === null ? undefined : splitRepo(remote.repo).host);
}

const isSsh = (url: string) => /^(?:git\+)?ssh:\/\//i.test(url) || /^(?:[^/@:]+@)?[^/:]+:(?!\/\/)/.test(url);

/** Reads the host of an alias in ssh's configuration (`git@work:owner/name`). */
async function sshHost(alias: string, { exec, env, cwd }: RemotesPlace): Promise<string | null> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(alias)) return null;
  const { code, stdout } = await exec(["ssh", "-G", alias], { cwd, env, timeoutMs: 2_000, maxBytes: 1 << 18 });
  return code === 0 ? (/^hostname (\S+)$/m.exec(stdout)?.[1] ?? null) : null;
}
