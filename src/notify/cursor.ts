import { existsSync, readFileSync, statSync } from "node:fs";
import { isObject } from "../base/json.ts";
import { type Place, START } from "../store/follow/lines.ts";
import { type Paths, paths } from "../store/paths.ts";

/** Without a cursor so much of the log's end is read: what lies before it ended long ago. */
const FIRST_READ_BYTES = 512 * 1024;
/** A channel that was down is tried again by the next command after so long. */
const RETRY_AFTER_MS = 5 * 60_000;

/** How far the log has been read for notices; the start of no file when that is not known. */
export function readCursor(files: Pick<Paths, "notifyCursor">): Place {
  try {
    const value: unknown = JSON.parse(readFileSync(files.notifyCursor, "utf8"));
    if (isObject(value) && typeof value.inode === "number" && typeof value.offset === "number") {
      return { inode: value.inode, offset: value.offset };
    }
  } catch {
    // The first time, or a torn file of a full disk: the ids in notify.jsonl keep what is known from being told again.
  }
  return START;
}

/** Where to begin in a log of `size` bytes that no cursor fits. */
export function firstReadFrom(size: number): number {
  return Math.max(0, size - FIRST_READ_BYTES);
}

/**
 * Whether others left something to tell: the log has grown since it was last read for notices, or a channel that was down is
 * due again. Looks at sizes and times of files; nothing else is loaded for it.
 */
export function hasLeftovers(home: string, now: number): boolean {
  const files = paths(home);
  try {
    const { ino, size } = statSync(files.state);
    const cursor = readCursor(files);
    if (cursor.inode !== ino || cursor.offset < size) return true;
    if (!existsSync(files.notifyOpen)) return false;
    return now - (statSync(files.notify, { throwIfNoEntry: false })?.mtimeMs ?? 0) > RETRY_AFTER_MS;
  } catch {
    return false;
  }
}
