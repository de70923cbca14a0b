import { existsSync, readFileSync, statSync } from "node:fs";
import { isObject } from "../base/json.ts";
import { type Paths, paths } from "../store/paths.ts";

/** How far the log has been read for notices. */
export interface Cursor {
  readonly inode: number;
  readonly offset: number;
}

/** Without a cursor so much of the log's end is read: what lies before it ended long ago. */
const FIRST_READ_BYTES = 512 * 1024;
/** A channel that was down is tried again by the next command after so long. */
const RETRY_AFTER_MS = 5 * 60_000;

/** The cursor; one that fits no file when there is none. */
export function readCursor(files: Pick<Paths, "notifyCursor">): Cursor {
  try {
    const value: unknown = JSON.parse(readFileSync(files.notifyCursor, "utf8"));
    if (isObject(value) && typeof value.inode === "number" && typeof value.offset === "number") {
      return { inode: value.inode, offset: value.offset };
    }
  } catch {
    // The first time, or a torn file of a full disk: the ids in notify.jsonl keep what is known from being told again.
  }
  return { inode: -1, offset: 0 };
}

/** Where to begin in a log that no cursor fits. */
export function startOf(files: Pick<Paths, "state">): number {
  return Math.max(0, statSync(files.state).size - FIRST_READ_BYTES);
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
