import { createHash } from "node:crypto";
import { lstatSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { readSmallFile } from "../base/small-file.ts";
import { type GitPlace, git, withoutFilters } from "../process/git.ts";
import { executes, isData, isDocument, languageOf } from "./executes.ts";
import type { Reach } from "./reach.ts";

/** A file that differs between a commit and a working tree. */
export interface Change {
  readonly path: string;
  readonly added: boolean;
  /** Whether it is, or was, a link, another repository, or a file that may be executed. */
  readonly special: boolean;
}

/** git's name for a tree without files: what a repository without a commit is compared with. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** What is run of a larger file is never known to be the same. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The commit that a working tree stands on; the empty tree before the first one; null where there is no git. */
export async function commitOf(place: GitPlace): Promise<string | null> {
  const inside = await git(place, ["rev-parse", "--git-dir"]);
  if (inside.code !== 0) return null;
  const head = await git(place, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
  return head.code === 0 ? head.stdout.trim() : EMPTY_TREE;
}

/** What differs between a commit and the working tree of a folder, new files included; null when it cannot be told. */
export async function changesSince(place: GitPlace, commit: string): Promise<readonly Change[] | null> {
  const plain = ["--raw", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty"];
  const limits = { timeoutMs: 60_000, maxBytes: 256 << 20 };
  const unfiltered = await withoutFilters(place);
  if (unfiltered === null) return null;
  const [differs, others] = await Promise.all([
    git(place, [...unfiltered, "diff", ...plain, commit, "--"], limits),
    git(place, ["ls-files", "-z", "--others", "--exclude-standard"], limits),
  ]);
  if (differs.code !== 0 || others.code !== 0) return null;
  const fields = differs.stdout.split("\0");
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [from = "", to = ""] = (fields[at] ?? "").slice(1).split(" ");
    const special = [from, to].some((mode) => mode !== "000000" && mode !== "100644");
    changes.push({ path: fields[at + 1] ?? "", added: from === "000000", special });
  }
  for (const path of others.stdout.split("\0").filter((one) => one !== "")) {
    changes.push({ path, added: true, special: isSpecial(join(place.cwd, path)) });
  }
  return changes;
}

function isSpecial(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (!stat.isFile() || (stat.mode & 0o111) !== 0);
}

/** The changes that may alter what a command does: what runs by its place, and what the command reaches. */
export function executing(root: string, changes: readonly Change[], reach: Reach): readonly string[] {
  return changes.filter((change) => mayRun(root, change, reach)).map(({ path }) => path);
}

function mayRun(root: string, { path, added, special }: Change, reach: Reach): boolean {
  if (special || reach.scripts.has(path) || executes(path)) return true;
  if (isDocument(path)) return false;
  if (reach.settings.has(path)) return true;
  if (startsWithProgram(join(root, path))) return true;
  const language = languageOf(path);
  if (language === null && isData(path)) return false;
  const isBelow = ([folder, of]: Reach["folders"][number]) =>
    (of === "any" || of === language) && (folder === "." || path.startsWith(`${folder}/`));
  // A file of no known ending may be a script of any language.
  if (language === null) return reach.loaded.has(path) || reach.folders.some(isBelow);
  if (reach.loaded.has(path) || reach.languages.has(language) || reach.languages.has("any")) return true;
  return reach.folders.some(isBelow) || (added && shadows(path, reach));
}

/** Whether a new Python file stands where a script of the same folder looks for a module of that name first. */
function shadows(path: string, reach: Reach): boolean {
  if (!path.endsWith(".py")) return false;
  const folder = posix.dirname(path);
  const places = [folder, ...(posix.basename(path) === "__init__.py" ? [posix.dirname(folder)] : [])];
  if (places.some((place) => reach.modulesFrom.has(place))) return true;
  return [...reach.scripts, ...reach.loaded].some(
    (script) => languageOf(script) === "python" && places.includes(posix.dirname(script)),
  );
}

function startsWithProgram(path: string): boolean {
  try {
    return readSmallFile(path, MAX_BYTES).startsWith("#!");
  } catch {
    return false;
  }
}

/** What a file is now: its mode and a hash of its bytes. */
export function stateOf(root: string, path: string): string {
  const at = join(root, path);
  const stat = lstatSync(at, { throwIfNoEntry: false });
  if (stat === undefined) return "absent";
  if (stat.isSymbolicLink()) return `link ${readlinkSync(at)}`;
  if (!stat.isFile()) return "other";
  const hash = createHash("sha256");
  try {
    hash.update(readSmallFile(at, MAX_BYTES));
  } catch {
    return "unreadable";
  }
  return `${(stat.mode & 0o111) === 0 ? "file" : "program"} ${hash.digest("hex")}`;
}
