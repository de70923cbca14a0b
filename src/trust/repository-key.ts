import { existsSync, lstatSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readSmallFile } from "../base/small-file.ts";

/**
 * The folder that trust is kept by: one that all registered working trees of a repository share, so that trust given in one holds in
 * the others. A folder that only says that it belongs to a repository (a link, a `.git` file that the repository knows nothing of)
 * is one of its own.
 */
export function repositoryKey(place: string): string | null {
  for (let folder = resolve(place); ; folder = dirname(folder)) {
    const git = join(folder, ".git");
    if (existsSync(git)) return sharedFolder(git) ?? join(realpathSync(folder), ".git");
    if (folder === dirname(folder)) return null;
  }
}

/** The repository's own folder of a `.git` that is one, or the file of a registered working tree; else null. */
function sharedFolder(git: string): string | null {
  const type = lstatSync(git);
  if (type.isDirectory()) return realpathSync(git);
  const named = type.isFile() ? /^gitdir: (.+)$/m.exec(textOf(git))?.[1] : undefined;
  if (named === undefined) return null;
  const dir = resolve(dirname(git), named.trim());
  // git keeps the way back in the repository, where the folder itself cannot write it.
  const back = textOf(join(dir, "gitdir")).trim();
  if (back === "" || !isSame(resolve(dir, back), git)) return null;
  const common = resolve(dir, textOf(join(dir, "commondir")).trim());
  return existsSync(common) ? realpathSync(common) : null;
}

const isSame = (a: string, b: string) => existsSync(a) && realpathSync(a) === realpathSync(b);

/** A file's text; none when it cannot be read, which names no folder. */
function textOf(path: string): string {
  try {
    return readSmallFile(path);
  } catch {
    return "";
  }
}
