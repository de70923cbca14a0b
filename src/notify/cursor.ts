import { existsSync, statSync } from "node:fs";
import { ageMs } from "../base/clock.ts";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import { type Place, START } from "../store/follow/lines.ts";
import { type Paths, paths } from "../store/paths.ts";

/** Bytes of the log's end that are read without a cursor: earlier waits ended long ago. */
const FIRST_READ_BYTES = 512 * 1024;
/** After this time, the next command tries a channel again that was down. */
const RETRY_AFTER_MS = 5 * 60_000;

/** How far the log has been read for notices; the start of no file when that is not known. */
export function readCursor(files: Pick<Paths, "notifyCursor">): Place {
  try {
    const value: unknown = JSON.parse(readSmallFile(files.notifyCursor));
    if (isObject(value) && typeof value.inode === "number" && typeof value.offset === "number") {
      return { inode: value.inode, offset: value.offset };
    }
  } catch {
    // First read, or a file torn by a full disk: ids in notify.jsonl prevent a second delivery.
  }
  return START;
}

/** Where to begin in a log of `size` bytes that no cursor fits. */
export function firstReadFrom(size: number): number {
  return Math.max(0, size - FIRST_READ_BYTES);
}

/**
 * Whether notices wait to be delivered: the log has grown since it was last read for notices, or a channel that was down is due
 * again. Reads only sizes and times of files.
 */
export function hasLeftovers(home: string, now: number): boolean {
  const files = paths(home);
  try {
    const { ino, size } = statSync(files.state);
    const cursor = readCursor(files);
    if (cursor.inode !== ino || cursor.offset < size) return true;
    if (!existsSync(files.notifyOpen)) return false;
    return ageMs(statSync(files.notify, { throwIfNoEntry: false })?.mtimeMs ?? 0, now) > RETRY_AFTER_MS;
  } catch {
    return false;
  }
}
