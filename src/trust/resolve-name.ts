import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, posix } from "node:path";
import type { Tree } from "./tree.ts";

/** What a name may mean in a tree. */
export interface Named {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Names that a tool's own settings lead elsewhere (`@/lib/x`, `#lib/x`, `example.com/mod/lib/x`): their end is looked for. */
const ALIAS = /^(?:@\/|~\/|#|\$\w*\/|[\w-]+(?:\.[\w-]+)+\/)/;

/** Finds the files and folders that a name may mean from any of these folders, endings left out or replaced. */
export function resolveName(tree: Tree, name: string, bases: readonly string[], endings: readonly string[]): Named {
  const files = new Set<string>();
  const folders = new Set<string>();
  const plain = name.replace(/^file:(?:\/\/)?/, "").replace(/^\.?\/(?=\.)/, "");
  if (plain === "" || plain.length > 300 || /:\/\//.test(plain)) return { files: [], folders: [] };
  const fixed = plain.split(/[*?[{$<]/, 1)[0] ?? "";
  // Of a pattern, or a name that is put together, the fixed folders in front are known.
  const path = fixed.length < plain.length ? posix.dirname(`${fixed}x`) : plain;
  const isPattern = fixed.length < plain.length;
  if (isAbsolute(path)) {
    const own = inRoot(tree.root, path);
    return own === null || isPattern
      ? { files: [], folders: own === null ? [] : [own] }
      : { files: formsOf(tree, own, endings), folders: [] };
  }
  for (const base of bases) {
    const at = posix.normalize(posix.join(base, path.replace(/^\/+/, ""))).replace(/\/$/, "");
    if (at.startsWith("..")) continue;
    if (isPattern || tree.isFolder(at)) folders.add(at);
    if (!isPattern) for (const file of formsOf(tree, at, endings)) files.add(file);
  }
  if (files.size + folders.size === 0 && ALIAS.test(plain)) {
    const end = plain.replace(ALIAS, "");
    const stem = posix.basename(end).replace(/\..*$/s, "");
    const tail = end.replace(/\.[cm]?[jt]sx?$/, "");
    for (const file of tree.called(stem)) if (`/${file}`.includes(`/${tail}.`) || file === tail) files.add(file);
    for (let rest = end; rest !== ""; rest = rest.includes("/") ? rest.slice(rest.indexOf("/") + 1) : "") {
      if (tree.isFolder(rest)) folders.add(rest);
    }
  }
  return { files: [...files], folders: [...folders] };
}

/** An absolute path as one in the root; null when it lies elsewhere. */
function inRoot(root: string, path: string): string | null {
  const real = existsSync(path) ? realpathSync(path) : path;
  const own = [real, path].map((one) => posix.relative(root, one)).find((one) => one !== "" && !one.startsWith(".."));
  return own ?? null;
}

/** The files that a language would take for a path: as it is, with an ending, with another one, as a folder's own. */
function formsOf(tree: Tree, path: string, endings: readonly string[]): string[] {
  if (path === "." || path === "") return [];
  const bare = path.replace(/\.[a-z]{1,4}$/i, "");
  const forms = [
    path,
    ...endings.flatMap((ending) => [`${path}${ending}`, `${bare}${ending}`, `${path}/index${ending}`]),
  ];
  return [...new Set([...forms, `${path}/__init__.py`, `${path}/__main__.py`, `${path}/package.json`])].filter((form) =>
    tree.has(form),
  );
}
