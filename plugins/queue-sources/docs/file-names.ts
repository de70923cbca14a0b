/** Files of a repository by their base name, to tell which one a text means. */
export type FilesByName = ReadonlyMap<string, readonly string[]>;

/** Groups paths by their base name; paths that are gone belong in it too. */
export function byName(paths: readonly string[]): FilesByName {
  const files = new Map<string, string[]>();
  for (const path of new Set(paths)) {
    const name = baseName(path);
    const same = files.get(name);
    if (same) same.push(path);
    else files.set(name, [path]);
  }
  return files;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Names of files that every project has: a bare mention means the kind of file, not this one. */
const EVERYBODYS =
  /^(?:readme|changelog|history|license|licence|contributing|codeowners|makefile|dockerfile|gemfile|procfile)\b|^(?:index|main|mod|lib|init|__init__|types?|utils?|config|setup|test|app)\.\w+$|^(?:package|tsconfig|deno|composer|pyproject|cargo)\.\w+$|^\.\w+$/i;

/** Whether a line of `from` names the file `path`. */
export function namesFile(line: string, from: string, path: string, files: FilesByName): boolean {
  const name = baseName(path);
  const escaped = name.replace(/[.+*?^$(){}|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`(?<![\\w@-])((?:[\\w.@-]+/)*|/)${escaped}(?![\\w-]|\\.\\w)`, "g");
  for (const [, folders = ""] of line.matchAll(pattern)) {
    if (folders === "" && EVERYBODYS.test(name)) continue;
    if (meant(`${folders}${name}`, from, files) === path) return true;
  }
  return false;
}

/**
 * Which file a path in the text of `from` means: as seen from that file's folder, from one above it, or else the only file that
 * ends so. Null when it is none, or could be several.
 */
function meant(written: string, from: string, files: FilesByName): string | null {
  const same = files.get(baseName(written)) ?? [];
  const folder = from.split("/").slice(0, -1);
  if (/^\.{1,2}\//.test(written)) return same.find((path) => path === resolve(folder, written)) ?? null;
  const path = written.replace(/^\/+/, "");
  for (let depth = folder.length; depth >= 0; depth--) {
    const seen = [...folder.slice(0, depth), path].join("/");
    if (same.includes(seen)) return seen;
  }
  const ending = same.filter((candidate) => candidate.endsWith(`/${path}`));
  return ending.length === 1 ? (ending[0] ?? null) : null;
}

function resolve(folder: readonly string[], path: string): string {
  const parts = [...folder];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
