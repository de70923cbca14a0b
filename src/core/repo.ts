/**
 * A repository's full name as p9 keeps it everywhere: `owner/name` at github.com, `host/owner/name` elsewhere. Keys, budgets and
 * comparisons use it, so that repositories of the same name on different hosts stay apart.
 */

/** Where a name without a host belongs. */
export const GITHUB_COM = "github.com";

/**
 * The full name in any spelling of a repository (`https`, `ssh`, `git`, `scp`-like, `[host/]owner/name`, with or without `.git`
 * or a trailing slash), or null when the text names none. More than two segments behind a host are kept, as forges with
 * groups have them.
 *
 * @param defaultHost host of a name that says none
 */
export function parseRepo(text: string, defaultHost: string = GITHUB_COM): string | null {
  const trimmed = text.trim();
  if (!trimmed || trimmed === "-" || /^file:/i.test(trimmed) || /^[./~]/.test(trimmed)) return null;
  const { host, path } = locationOf(trimmed);
  const segments = path
    .replace(/[?#].*$/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/i, "")
    .replace(/^\/+/, "")
    .split("/");
  const valid =
    segments.length >= 2 && segments.every((segment) => /^[A-Za-z0-9._-]+$/.test(segment) && !/^\.+$/.test(segment));
  const isHost = host === null || /^[A-Za-z0-9.-]+$/.test(host);
  return valid && isHost ? fullName(host ?? defaultHost, segments.join("/")) : null;
}

function locationOf(text: string): { host: string | null; path: string } {
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/(.*)$/i.exec(text);
  if (url) return { host: url[1] ?? null, path: url[2] ?? "" };
  const scp = /^(?:[^/@:]+@)?([^/:]+):(?!\/\/)(.*)$/.exec(text);
  if (scp) return { host: scp[1] ?? null, path: scp[2] ?? "" };
  // `host/owner/name`, as gh writes it.
  const [first = "", ...rest] = text.split("/");
  return rest.filter(Boolean).length >= 2 ? { host: first, path: rest.join("/") } : { host: null, path: text };
}

/** The full name of `name` (`owner/name`) at `host`; null stands for github.com. */
export function fullName(host: string | null, name: string): string {
  const known = canonicalHost(host ?? GITHUB_COM);
  return known === GITHUB_COM ? name : `${known}/${name}`;
}

/** A host as it is compared: lower case, without `www.` and a last dot; GitHub's own other names are github.com. */
export function canonicalHost(host: string): string {
  const plain = host
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^www\./, "");
  return plain === "ssh.github.com" || plain === "api.github.com" ? GITHUB_COM : plain;
}

/** A full name in its two parts: the host, and what stands behind it. */
export function splitRepo(repo: string): { readonly host: string; readonly name: string } {
  const [first = "", ...rest] = repo.split("/");
  return rest.length < 2 ? { host: GITHUB_COM, name: repo } : { host: first, name: rest.join("/") };
}

/** The fields of a repository in rows and documents: `repo` stays `owner/name`, `host` is absent at github.com. */
export function repoFields(repo: string | null): { readonly repo: string | null; readonly host?: string } {
  if (repo === null) return { repo };
  const { host, name } = splitRepo(repo);
  return host === GITHUB_COM ? { repo: name } : { repo: name, host };
}

/** The address of a pull request. */
export function pullRequestUrl(repo: string, pr: number): string {
  const { host, name } = splitRepo(repo);
  return `https://${host}/${name}/pull/${pr}`;
}

/** The key that a wait keeps of a pull request under a name that its repository had before. */
export function formerKey(repo: string, pr: number): string {
  return `was:${repo.toLowerCase()}#${pr}`;
}

/** Whether two full names are the same repository; false when one is unknown. */
export function sameRepo(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a.toLowerCase() === b.toLowerCase();
}
