import { join, posix } from "node:path";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import { type GitPlace, git, workTreeOf } from "../process/git.ts";

/** A larger file can be shown to nobody, and so cannot be trusted. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Longer texts (characters) are read again where they are named again. */
const MAX_KEPT = 64 * 1024;

/** The files of a working tree, as a command line may name them. Paths are relative to its root, with `/`. */
export interface Tree {
  readonly root: string;
  /** Whether git knows the tree; else only files that are named can be found. */
  readonly isGit: boolean;
  has(path: string): boolean;
  /** Whether it has files below this folder. */
  isFolder(path: string): boolean;
  /** Files below a folder (`.`: all of them). */
  below(folder: string): readonly string[];
  /** Files with this last part, its ending left out. */
  called(stem: string): readonly string[];
  /** Text of a file; null when it is none, cannot be read, or is too large. */
  text(path: string): string | null;
}

/**
 * Reads which files a working tree has. With `untracked` also those that git does not know yet: for what runs in the checkout itself
 * and not in a commit of it. Never those that are ignored, because another working tree has none of them.
 */
export async function readTree(place: Omit<GitPlace, "signal">, untracked: boolean): Promise<Tree> {
  const root = await workTreeOf(place);
  if (root === null) return filesOf(place.cwd, null);
  const listed = await git(
    { ...place, cwd: root },
    ["ls-files", "-z", "--cached", ...(untracked ? ["--others", "--exclude-standard"] : [])],
    { maxBytes: 256 << 20, timeoutMs: 60_000 },
  );
  if (listed.code !== 0) throw new Error(`Cannot list the files of "${root}": git failed`);
  return filesOf(root, [...new Set(listed.stdout.split("\0").filter((path) => path !== ""))]);
}

/** The tree of a root with these files; null: git knows none, and what is named is looked for. */
function filesOf(root: string, files: readonly string[] | null): Tree {
  const known = new Set(files ?? []);
  let stems: Map<string, string[]> | null = null;
  let folders: Map<string, string[]> | null = null;
  const below = (folder: string): readonly string[] | undefined => {
    folders ??= byFolder(files ?? []);
    return folders.get(folder);
  };
  const texts = new Map<string, string | null>();
  // One command names the same files again and again.
  const text = (path: string): string | null => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    const read = textOf(join(root, path));
    if (read === null || read.length <= MAX_KEPT) texts.set(path, read);
    return read;
  };
  return {
    root,
    isGit: files !== null,
    has: (path) => (files === null ? isInside(path) && text(path) !== null : known.has(path)),
    isFolder: (path) => below(path) !== undefined,
    below: (folder) => (folder === "." ? (files ?? []) : (below(folder) ?? [])),
    called: (stem) => {
      stems ??= byStem(files ?? []);
      return stems.get(stem) ?? [];
    },
    text,
  };
}

const isInside = (path: string) => path !== "." && !path.startsWith("/") && !/(?:^|\/)\.\.(?:\/|$)/.test(path);

function textOf(path: string): string | null {
  try {
    return readSmallFile(path, MAX_BYTES);
  } catch {
    return null;
  }
}

function byFolder(files: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of files) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const folder = path.slice(0, at);
      const same = folders.get(folder);
      if (same) same.push(path);
      else folders.set(folder, [path]);
    }
  }
  return folders;
}

function byStem(files: readonly string[]): Map<string, string[]> {
  const stems = new Map<string, string[]>();
  for (const path of files) {
    const stem = posix.basename(path).replace(/\..*$/s, "");
    const same = stems.get(stem);
    if (same) same.push(path);
    else stems.set(stem, [path]);
  }
  return stems;
}

const parsed = new WeakMap<Tree, Map<string, Record<string, unknown> | null>>();

/** A JSON file of the tree (comments allowed) as an object; null when it is none. */
export function jsonOf(tree: Tree, path: string): Record<string, unknown> | null {
  const known = parsed.get(tree) ?? new Map<string, Record<string, unknown> | null>();
  parsed.set(tree, known);
  const value = known.get(path);
  if (value !== undefined) return value;
  const read = readJson(tree, path);
  known.set(path, read);
  return read;
}

function readJson(tree: Tree, path: string): Record<string, unknown> | null {
  const text = tree.has(path) ? tree.text(path) : null;
  if (text === null) return null;
  for (const form of [text, text.replace(/^\s*\/\/.*$/gm, "").replace(/,(\s*[}\]])/g, "$1")]) {
    try {
      const value: unknown = JSON.parse(form);
      return isObject(value) ? value : null;
    } catch {
      // The next form, or none.
    }
  }
  return null;
}
