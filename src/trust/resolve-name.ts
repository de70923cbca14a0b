import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, posix } from "node:path";
import { jsonOf, type Tree } from "./tree.ts";

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
    // Of a pattern without a folder in front only `./` says where it begins.
    if (isPattern && path === "." && (base !== bases[0] || !plain.startsWith("./"))) continue;
    if (isPattern || tree.isFolder(at)) folders.add(at);
    if (!isPattern) for (const file of formsOf(tree, at, endings)) files.add(file);
  }
  if (files.size === 0 && endings.length > 0) {
    for (const file of packageFiles(tree, plain, endings)) files.add(file);
    if (endings.includes(".py")) for (const file of modules(tree, plain)) files.add(file);
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

/** Program text of the package of the repository that a name begins with. */
export function packageFiles(tree: Tree, name: string, endings: readonly string[]): readonly string[] {
  const folder = packagesOf(tree).get(name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
  if (folder === undefined || folder === ".") return [];
  return tree.below(folder).filter((path) => endings.includes(posix.extname(path)));
}

const packages = new WeakMap<Tree, ReadonlyMap<string, string>>();

/** Folders of the packages of a tree, by the names in their manifests. */
export function packagesOf(tree: Tree): ReadonlyMap<string, string> {
  const known = packages.get(tree);
  if (known) return known;
  const manifests = tree.called("package").filter((path) => posix.basename(path) === "package.json");
  const found = manifests.slice(0, 2_000).flatMap((path): [string, string][] => {
    const name = jsonOf(tree, path)?.name;
    return typeof name === "string" ? [[name, posix.dirname(path)]] : [];
  });
  const all = new Map(found);
  packages.set(tree, all);
  return all;
}

/** Python modules of this name wherever they lie: a script may have added any folder to its path. */
function modules(tree: Tree, name: string): readonly string[] {
  if (!/^[\w/]+$/.test(name)) return [];
  const [top = ""] = name.split("/");
  const own = [...tree.called(posix.basename(name)), ...tree.called("__init__")];
  const ends = [`/${name}.py`, `/${name}/__init__.py`, `/${top}/__init__.py`];
  return own.filter((path) => ends.some((end) => path.endsWith(end)));
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
