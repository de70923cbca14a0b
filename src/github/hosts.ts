import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { readSmallFile } from "../base/small-file.ts";
import { canonicalHost, GITHUB_COM } from "../core/repo.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Whether a host is a tenant of GitHub Enterprise Cloud with data residency. */
const isTenant = (host: string) => host.endsWith(".ghe.com");

/** A host in gh's configuration, with the login that gh uses there without a token in the environment. */
interface KnownHost {
  readonly host: string;
  readonly user: string | null;
}

/** Folder of gh's configuration (`gh help environment`). */
function configFolder(env: Env): string {
  if (env.GH_CONFIG_DIR) return env.GH_CONFIG_DIR;
  return env.XDG_CONFIG_HOME ? join(env.XDG_CONFIG_HOME, "gh") : join(env.HOME ?? homedir(), ".config", "gh");
}

/** Reads the hosts in gh's `hosts.yml`: only top-level keys and each one's `user`, never tokens. */
function knownHosts(env: Env): readonly KnownHost[] {
  let text: string;
  try {
    text = readSmallFile(join(configFolder(env), "hosts.yml"));
  } catch {
    return [];
  }
  const hosts: { host: string; user: string | null }[] = [];
  for (const line of text.split("\n")) {
    const host = /^["']?([^\s"'#:][^\s"':]*)["']?:\s*$/.exec(line)?.[1];
    if (host) hosts.push({ host: canonicalHost(host), user: null });
    const user = /^ {1,4}user:\s*["']?([^\s"']+)/.exec(line)?.[1];
    const last = hosts.at(-1);
    if (user && last) last.user ??= user;
  }
  return hosts;
}

/** The host that gh uses for a repository named without one: `GH_HOST`, else the only login, else github.com. */
export function defaultHost(env: Env): string {
  if (env.GH_HOST) return canonicalHost(env.GH_HOST);
  const known = knownHosts(env);
  return known.length === 1 ? (known[0]?.host ?? GITHUB_COM) : GITHUB_COM;
}

/** Whether a host is a GitHub: github.com, or one that gh has a login for. */
export function isGitHub(host: string, env: Env): boolean {
  if (host === GITHUB_COM) return true;
  if (env.GH_HOST && canonicalHost(env.GH_HOST) === host) return true;
  if (isTenant(host) && tokenOf(host, env) !== undefined) return true;
  return knownHosts(env).some((known) => known.host === host);
}

/** Why p9 cannot ask about a repository at `host`, or null when it can. */
export function whyNotAsked(host: string, env: Env): string | null {
  if (isGitHub(host, env)) return null;
  return `gh knows no login for "${host}" (gh auth login --hostname ${host}, if it is a GitHub)`;
}

/**
 * The login that gh uses at `host`, to count its rate limit: a name from gh's configuration, or a hash of the token in the
 * environment (`gh help environment` lists the variables for each host).
 */
export function loginAt(host: string, env: Env): string {
  const token = tokenOf(host, env);
  if (token) return `token-${createHash("sha256").update(token).digest("hex").slice(0, 12)}`;
  return knownHosts(env).find((known) => known.host === host)?.user ?? "";
}

/** Whether gh has a login for any host, as far as the environment and its configuration say. */
export function hasLogin(env: Env): boolean {
  const tokens = [env.GH_TOKEN, env.GITHUB_TOKEN, env.GH_ENTERPRISE_TOKEN, env.GITHUB_ENTERPRISE_TOKEN];
  return tokens.some(Boolean) || knownHosts(env).length > 0;
}

/**
 * Why nothing can be asked where no repository is known, and what is wanted: without a login gh could not say which of the remotes
 * it works on.
 */
export function unknownRepository(env: Env): string {
  const login = hasLogin(env) ? "," : " and gh is not logged in (gh auth login):";
  return `the repository is unknown${login} wanted --repo [host/]owner/name`;
}

function tokenOf(host: string, env: Env): string | undefined {
  return host === GITHUB_COM || isTenant(host)
    ? env.GH_TOKEN || env.GITHUB_TOKEN || undefined
    : env.GH_ENTERPRISE_TOKEN || env.GITHUB_ENTERPRISE_TOKEN || undefined;
}
