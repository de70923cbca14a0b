import { existsSync, mkdirSync, readdirSync, realpathSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readSmallFile, withoutMark } from "../base/small-file.ts";
import { DegradedError, errorCode, errorText } from "../core/errors.ts";
import { replaceFile } from "../store/files.ts";

/** One file of a set-up: what it will hold and why. */
export interface FileChange {
  readonly path: string;
  /** The text to be written; null: the file goes. Equal to what is there when nothing is to be done. */
  readonly text: string | null;
  /** One line per change; empty: nothing is to be done. */
  readonly done: readonly string[];
  readonly mode?: number;
  /** The folder that the file must really lie in, whatever links a repository holds. Default: anywhere. */
  readonly within?: string;
  /** Folders that p9 made for the file, the deepest first: they go with it while they are empty. */
  readonly folders?: readonly string[];
  /** Why the file stays as it is, for people. */
  readonly left?: string;
}

/** The settings of a client hold its whole history of permissions. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A file's text without a byte order mark, which {@link writeChange} keeps; null: there is no file. @throws {DegradedError} when it is there and cannot be read. */
export function readText(path: string): string | null {
  try {
    return withoutMark(readSmallFile(path, MAX_BYTES));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw new DegradedError(`Cannot read "${path}": ${errorText(error)}`, { cause: error });
  }
}

/** Refuses what could not be written, or should not be, before anything is. @throws {DegradedError} naming the file. */
export function checkWritable({ path, done, within }: FileChange): void {
  if (done.length === 0) return;
  if (within !== undefined && !`${existing(path)}/`.startsWith(join(existing(within), "/"))) {
    const hint = "p9 init --user follows links of your own";
    throw new DegradedError(`Cannot change "${path}": a link leads out of "${within}"`, { hint });
  }
  const stat = statSync(path, { throwIfNoEntry: false });
  // Replacing a file needs only the folder's permission, so respect the file's own.
  if (stat && (stat.mode & 0o200) === 0)
    throw new DegradedError(`Cannot change "${path}": it is read-only`, { hint: `chmod u+w "${path}" allows it` });
}

/** Writes a change: the whole file or nothing, through a symbolic link, with the permissions that it had. */
export function writeChange({ path, text, done, mode, folders = [] }: FileChange): void {
  if (done.length === 0) return;
  try {
    if (text === null) {
      rmSync(path, { force: true });
      for (const folder of folders) if (!removeEmpty(folder)) return;
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    const target = realPath(path);
    const stat = statSync(target, { throwIfNoEntry: false });
    replaceFile(target, `${hasMark(target) ? "\uFEFF" : ""}${text}`, {
      mode: mode ?? (stat ? stat.mode & 0o777 : 0o644),
    });
  } catch (error) {
    throw new DegradedError(`Cannot write "${path}": ${errorText(error)}`, { cause: error });
  }
}

/** Removes a folder that is empty. False: it stays. */
export function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Whether a file begins with a byte order mark. */
function hasMark(path: string): boolean {
  return existsSync(path) && readSmallFile(path, MAX_BYTES).startsWith("\uFEFF");
}

/** The folders that a file needs and that are not there, the deepest first. */
export function missingFolders(path: string): readonly string[] {
  const folder = dirname(path);
  return existsSync(folder) || folder === path ? [] : [folder, ...missingFolders(folder)];
}

/** What a killed write of a file leaves beside it. */
const HALF_WRITTEN = /^\.[0-9a-f]{12}\.tmp$/;

/** Removes what killed writes left beside a file. Best effort; nothing where the file itself may not be written. */
export function removeHalfWritten(place: Pick<FileChange, "path" | "within">): void {
  try {
    checkWritable({ ...place, text: null, done: ["half-written"] });
    const target = realPath(place.path);
    for (const name of readdirSync(dirname(target)))
      if (name.startsWith(basename(target)) && HALF_WRITTEN.test(name.slice(basename(target).length)))
        rmSync(join(dirname(target), name), { force: true });
  } catch {
    // The folder went, or is somebody else's.
  }
}

/** The real path of a file, or of the nearest folder above that exists. A link that leads nowhere is replaced, not followed. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? realPath(path) : existing(dirname(path));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
