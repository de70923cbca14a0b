/**
 * `owner/name` of any spelling of a repository (`https`, `ssh`, `git`, `scp`-like, with or without `.git`, a trailing slash
 * or a host), or null when the text names none. More than two path segments are kept, as forges with groups have them.
 */
export function parseRepo(text: string): string | null {
  const trimmed = text.trim();
  if (!trimmed || trimmed === "-" || /^file:/i.test(trimmed) || /^[./~]/.test(trimmed)) return null;
  const path = pathOf(trimmed)
    .replace(/[?#].*$/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/i, "")
    .replace(/^\/+/, "");
  const segments = path.split("/");
  const valid =
    segments.length >= 2 && segments.every((segment) => /^[A-Za-z0-9._-]+$/.test(segment) && !/^\.+$/.test(segment));
  return valid ? segments.join("/") : null;
}

function pathOf(text: string): string {
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?[^/]+\/(.*)$/i.exec(text);
  if (url) return url[1] ?? "";
  const scp = /^(?:[^/@:]+@)?[^/:]+:(?!\/\/)(.*)$/.exec(text);
  if (scp) return scp[1] ?? "";
  // `host/owner/name`: a first segment with a dot is a host.
  const [first = "", ...rest] = text.split("/");
  return rest.length >= 2 && first.includes(".") ? rest.join("/") : text;
}

/** Whether two spellings of `owner/name` are the same repository. Unknown is equal to nothing. */
export function sameRepo(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a.toLowerCase() === b.toLowerCase();
}
