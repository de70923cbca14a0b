import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Every file below `folder` with its size and time, without what lies below `except`; unreadable ones are left out. */
export function snapshotFolder(folder: string, except: readonly string[] = []): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (at: string): void => {
    for (const entry of list(at)) {
      const path = join(at, entry.name);
      if (except.includes(path) || entry.name === ".git" || entry.name === "node_modules") continue;
      if (entry.isDirectory()) walk(path);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat && !stat.isDirectory()) found.set(path, `${stat.size} ${stat.mtimeMs}`);
    }
  };
  walk(folder);
  return found;
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Paths that are new, gone or different. */
export function changedPaths(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
}
