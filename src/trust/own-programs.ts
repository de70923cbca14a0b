import { posix } from "node:path";
import { isObject } from "../base/json.ts";
import { resolveName } from "./resolve-name.ts";
import { jsonOf, type Tree } from "./tree.ts";

/** Programs that the repository itself installs, by name: each with the files that it starts with. */
export type OwnPrograms = ReadonlyMap<string, readonly string[]>;

/** Reads them from the manifests of Node.js packages and Python projects. */
export function ownPrograms(tree: Tree): OwnPrograms {
  const found = new Map<string, string[]>();
  const add = (name: string, files: readonly string[]) => {
    if (files.length > 0) found.set(name, [...(found.get(name) ?? []), ...files]);
  };
  for (const path of manifests(tree, "package.json")) {
    const { name, bin } = jsonOf(tree, path) ?? {};
    const short = typeof name === "string" ? posix.basename(name) : "";
    const all = typeof bin === "string" ? { [short]: bin } : isObject(bin) ? bin : {};
    for (const [program, file] of Object.entries(all)) {
      if (typeof file === "string") add(program, resolveName(tree, file, [posix.dirname(path)], [".js"]).files);
    }
  }
  for (const path of manifests(tree, "pyproject.toml")) {
    const folder = posix.dirname(path);
    for (const [, program = "", module = ""] of (tree.text(path) ?? "").matchAll(
      /^["']?([\w.-]{1,100})["']?\s{0,20}=\s{0,20}["']([\w.]{1,300}):[\w.]{1,100}["']/gm,
    )) {
      const { files } = resolveName(tree, module.replaceAll(".", "/"), [folder, posix.join(folder, "src")], [".py"]);
      add(program, files);
    }
  }
  return found;
}

const MAX_MANIFESTS = 2_000;

function manifests(tree: Tree, name: string): readonly string[] {
  const stem = name.replace(/\..*$/, "");
  return tree
    .called(stem)
    .filter((path) => posix.basename(path) === name)
    .slice(0, MAX_MANIFESTS);
}

/** Folders whose program text an installer runs or links: a build backend in the tree, gems with a path. */
export function installedFrom(tree: Tree, programs: readonly string[]): readonly (readonly [string, string])[] {
  const folders: (readonly [string, string])[] = [];
  if (programs.some((name) => /^(?:uv|pip[\d.]*|pdm|hatch|poetry|tox|nox|pipx|build)$/.test(name))) {
    for (const path of manifests(tree, "pyproject.toml")) {
      const list = /^backend-path\s{0,20}=\s{0,20}\[([^\]]{0,1000})\]/m.exec(tree.text(path) ?? "")?.[1] ?? "";
      for (const [, name = ""] of list.matchAll(/["']([^"']{1,300})["']/g))
        folders.push([posix.normalize(posix.join(posix.dirname(path), name)), "python"]);
    }
  }
  if (programs.some((name) => /^(?:bundle|bundler|rake|rspec)$/.test(name))) {
    for (const path of manifests(tree, "Gemfile")) {
      for (const [, name = ""] of (tree.text(path) ?? "").matchAll(
        /\bpath:?\s{0,5}(?:=>)?\s{0,5}["']([^"']{1,300})["']/g,
      ))
        folders.push([posix.normalize(posix.join(posix.dirname(path), name)), "any"]);
    }
  }
  return folders.map(([at, language]) => [at.replace(/\/$/, ""), language] as const);
}
