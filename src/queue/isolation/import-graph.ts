import { statSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { normalPath } from "../../base/glob.ts";
import { readSmallFile } from "../../base/small-file.ts";
import { LANGUAGES } from "./import-languages.ts";

const MAX_FILE = 256 * 1024;
const MAX_FILES = 300;
const HOPS = 3;

/**
 * A sentence when the files of a piece of work and the changed files import each other, else null. From the work's files
 * imports are followed three hops, from the changed files one: work that builds on what changes, or that changes what is
 * built on, belongs on top of the pull request.
 */
export function importRelation(root: string, files: readonly string[], changed: readonly string[]): string | null {
  const targets = new Set(changed.map(normalPath));
  const own = new Set(files.map(normalPath));
  if (targets.size === 0 || own.size === 0) return null;
  return follow(root, [...own], targets, HOPS) ?? follow(root, [...targets], own, 1);
}

function follow(root: string, from: readonly string[], targets: ReadonlySet<string>, hops: number): string | null {
  const seen = new Set(from);
  // A Go import names a folder, which stands for all its files.
  const packages = new Map([...targets].filter((file) => file.endsWith(".go")).map((file) => [dirname(file), file]));
  let layer: readonly string[] = from;
  for (let hop = 0; hop < hops; hop++) {
    const next: string[] = [];
    for (const file of layer) {
      for (const candidate of importedBy(root, file)) {
        const target = targets.has(candidate) ? candidate : packages.get(candidate);
        if (target && target !== file) return `${file} imports ${target}`;
        if (seen.has(candidate) || seen.size >= MAX_FILES || !isFile(join(root, candidate))) continue;
        seen.add(candidate);
        next.push(candidate);
      }
    }
    layer = next;
  }
  return null;
}

/** Paths, relative to the root, that the imports of a file may mean; not all of them need to exist. */
function importedBy(root: string, file: string): readonly string[] {
  const language = LANGUAGES.find(({ extensions }) => extensions.test(extname(file)));
  const text = language && readSmall(join(root, file));
  if (!language || !text) return [];
  const found = new Set<string>();
  for (const pattern of language.patterns) {
    for (const match of text.matchAll(pattern)) {
      const groups = match.slice(1).filter((group) => group !== undefined);
      if (groups.length > 0) for (const path of language.resolve(groups, file, root)) found.add(normalPath(path));
    }
  }
  return [...found];
}

function readSmall(path: string): string | null {
  try {
    return readSmallFile(path, MAX_FILE);
  } catch {
    return null;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
