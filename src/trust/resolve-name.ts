import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, posix } from "node:path";
import { isObject } from "../base/json.ts";
import { languageOf } from "./executes.ts";
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
  if (files.size === 0 && endings.length > 0) {
    for (const at of aliased(tree, plain)) {
      for (const file of formsOf(tree, at, endings)) files.add(file);
      if (tree.isFolder(at)) folders.add(at);
    }
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
  const all = textsOf.get(tree) ?? new Map<string, readonly string[]>();
  textsOf.set(tree, all);
  const known = all.get(folder) ?? tree.below(folder).filter((path) => languageOf(path) !== null);
  all.set(folder, known);
  return known.filter((path) => endings.includes(posix.extname(path)));
}

/** Program text by package. */
const textsOf = new WeakMap<Tree, Map<string, readonly string[]>>();

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

const aliases = new WeakMap<Tree, readonly (readonly [name: string, target: string])[]>();

/** Paths that the settings of compilers and import maps give a name: `paths`, `imports`. */
function aliased(tree: Tree, name: string): readonly string[] {
  let all = aliases.get(tree);
  if (all === undefined) {
    all = ["tsconfig", "jsconfig", "deno", "import_map", "package"]
      .flatMap((stem) => tree.called(stem))
      .filter((path) => /\.jsonc?$/.test(path))
      .slice(0, 1_000)
      .flatMap((path) => aliasesIn(tree, path));
    aliases.set(tree, all);
  }
  return all.flatMap(([key, target]) => {
    const open = key.replace(/\*$/, "");
    if (name === key) return [target];
    if (open === "" || !(key.endsWith("*") || key.endsWith("/")) || !name.startsWith(open)) return [];
    return [posix.normalize(target.replace(/\*$/, "").concat(name.slice(open.length)))];
  });
}

function aliasesIn(tree: Tree, path: string): (readonly [string, string])[] {
  const { compilerOptions, imports } = jsonOf(tree, path) ?? {};
  const options = isObject(compilerOptions) ? compilerOptions : {};
  const base = posix.join(posix.dirname(path), typeof options.baseUrl === "string" ? options.baseUrl : ".");
  const tables = [options.paths, imports].filter(isObject);
  const textsIn = (value: unknown): string[] =>
    [value, ...(Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [])].filter(
      (one) => typeof one === "string",
    );
  return tables.flatMap((table) =>
    Object.entries(table).flatMap(([key, value]) =>
      textsIn(value).map((target) => [key, posix.join(base, target)] as const),
    ),
  );
}

/** Python modules of this name wherever they lie: a script may have added any folder to its path. */
function modules(tree: Tree, name: string): readonly string[] {
  if (!/^[\w/]+$/.test(name)) return [];
  const [top = "", own = ""] = [name.split("/")[0], posix.basename(name)];
  const files = [...tree.called(own), ...packagesCalled(tree, own), ...packagesCalled(tree, top)];
  const ends = [`/${name}.py`, `/${name}/__init__.py`, `/${top}/__init__.py`];
  return files.filter((path) => ends.some((end) => path.endsWith(end)));
}

const inits = new WeakMap<Tree, ReadonlyMap<string, readonly string[]>>();

/** The `__init__.py` of folders of this name. */
function packagesCalled(tree: Tree, name: string): readonly string[] {
  let all = inits.get(tree);
  if (all === undefined) {
    const found = new Map<string, string[]>();
    for (const path of tree.called("__init__")) {
      const folder = posix.basename(posix.dirname(path));
      found.set(folder, [...(found.get(folder) ?? []), path]);
    }
    all = found;
    inits.set(tree, all);
  }
  return all.get(name) ?? [];
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
