import { dirname, join } from "node:path";
import { readSmallFile } from "../../base/small-file.ts";

/** How the files of one language name what they import. */
export interface Language {
  readonly extensions: RegExp;
  readonly patterns: readonly RegExp[];
  /** Paths, relative to the root, that the groups of a match may mean. */
  resolve(groups: readonly string[], file: string, root: string): readonly string[];
}

const JS_ENDINGS = ["", ".ts", ".tsx", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".vue", ".svelte", ".json"];

function scriptPaths([spec = ""]: readonly string[], file: string): readonly string[] {
  const bases = spec.startsWith(".")
    ? [join(dirname(file), spec)]
    : /^[@~]\//.test(spec)
      ? [join("src", spec.slice(2)), spec.slice(2)]
      : [];
  // With NodeNext an import of `./a.js` means `a.ts`.
  return bases.flatMap((base) => [
    ...JS_ENDINGS.map((ending) => base + ending),
    ...JS_ENDINGS.slice(1).map((ending) => `${base}/index${ending}`),
    ...(/\.[cm]?jsx?$/.test(base) ? [base.replace(/\.([cm]?)js(x?)$/, ".$1ts$2"), base.replace(/\.js$/, ".tsx")] : []),
  ]);
}

function pythonPaths([module = "", names = ""]: readonly string[], file: string): readonly string[] {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const path = module.slice(dots).replaceAll(".", "/");
  let folder = dirname(file);
  for (let up = 1; up < dots; up++) folder = dirname(folder);
  const bases = dots > 0 ? [join(folder, path)] : [path, join("src", path), join(dirname(file), path)];
  const parts = names.split(",").map((name) => name.trim().split(/\s+/)[0] ?? "");
  const deeper = bases.flatMap((base) => parts.filter((part) => /^\w+$/.test(part)).map((part) => join(base, part)));
  return [...bases, ...deeper].flatMap((base) => [`${base}.py`, `${base}/__init__.py`]);
}

function rustPaths([path = ""]: readonly string[], file: string): readonly string[] {
  const here = /(?:^|\/)(?:mod|lib|main)\.rs$/.test(file) ? dirname(file) : file.replace(/\.rs$/, "");
  const parts = path.replace(/^crate::/, "").split("::");
  const crate = file.slice(0, file.lastIndexOf("src/") + 4);
  const bases = path.startsWith("crate::")
    ? parts.map((_, index) => join(crate, ...parts.slice(0, index + 1)))
    : [join(here, path)];
  return bases.flatMap((base) => [`${base}.rs`, `${base}/mod.rs`]);
}

function besides(...endings: string[]) {
  return ([spec = ""]: readonly string[], file: string) =>
    endings.flatMap((ending) => [join(dirname(file), spec + ending), spec + ending]);
}

/** A file also belongs to its own package: `import`s need not name a neighbour. */
function goFolders(groups: readonly string[], file: string, root: string): readonly string[] {
  const module = goModule(root);
  return groups.map((path) => {
    if (path === "package") return dirname(file);
    return module && path.startsWith(`${module}/`) ? path.slice(module.length + 1) : path;
  });
}

function goModule(root: string): string | null {
  try {
    return /^module\s+(\S+)/m.exec(readSmallFile(join(root, "go.mod")))?.[1] ?? null;
  } catch {
    return null;
  }
}

function jvmPaths([name = ""]: readonly string[]): readonly string[] {
  const path = name.replaceAll(".", "/");
  const roots = ["src/main/java", "src/main/kotlin", "app/src/main/java", "src", ""];
  return roots.flatMap((folder) => [join(folder, `${path}.java`), join(folder, `${path}.kt`)]);
}

/** The languages whose imports are followed; a file of another has none. */
export const LANGUAGES: readonly Language[] = [
  {
    extensions: /^\.(?:[cm]?[jt]sx?|vue|svelte)$/,
    patterns: [
      /(?:^|[\s;}])(?:import|export)\b[^"'`;]{0,2000}?\bfrom\s*["']([^"'\n]+)["']/g,
      /(?:^|[\s;}])import\s*["']([^"'\n]+)["']/g,
      /\b(?:import|require)\(\s*["']([^"'\n]+)["']/g,
    ],
    resolve: scriptPaths,
  },
  {
    extensions: /^\.pyi?$/,
    patterns: [/^[ \t]*from\s+([.\w]+)\s+import\s+\(?([\w \t,]*)/gm, /^[ \t]*import\s+([\w.]+)/gm],
    resolve: pythonPaths,
  },
  {
    extensions: /^\.rs$/,
    patterns: [/^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;/gm, /^\s*(?:pub\s+)?use\s+(crate::[\w:]+)/gm],
    resolve: rustPaths,
  },
  { extensions: /^\.(?:c|cc|cpp|cxx|h|hpp|m|mm)$/, patterns: [/^\s*#\s*include\s+"([^"]+)"/gm], resolve: besides("") },
  {
    extensions: /^\.go$/,
    patterns: [/^(package)\s/gm, /^\s*(?:import\s+)?(?:[\w.]+\s+)?"([\w.~-]+(?:\/[\w.~-]+)*)"\s*$/gm],
    resolve: goFolders,
  },
  { extensions: /^\.(?:java|kt|kts)$/, patterns: [/^\s*import\s+(?:static\s+)?([\w.]+)/gm], resolve: jvmPaths },
  { extensions: /^\.rb$/, patterns: [/^\s*require_relative\s+["']([^"']+)["']/gm], resolve: besides(".rb", "") },
  {
    extensions: /^\.(?:sh|bash)$/,
    patterns: [/^\s*(?:source|\.)\s+["']?(?:\$\{?\w+\}?\/)?([\w./-]+)/gm],
    resolve: besides(""),
  },
  {
    extensions: /^\.(?:s?css|less)$/,
    patterns: [/@(?:import|use)\s+["']([^"']+)["']/g],
    resolve: besides("", ".scss", ".css"),
  },
];
