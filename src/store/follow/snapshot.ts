import { readFileSync, readSync } from "node:fs";
import { quickHash } from "../../base/hash.ts";
import { isObject } from "../../base/json.ts";
import { replaceFile } from "../files.ts";
import { endOf, type Place, withFile } from "./lines.ts";

const SAMPLE = 1024;

/** A state and the place in the log that it covers. */
export interface Snapshot<State> {
  readonly state: State;
  readonly place: Place;
}

/**
 * The snapshot, if this version can read it and it belongs to this very log: same inode, at least as long, and the bytes before
 * its offset hash the same (the first and the last 1 KiB of them: the log is only ever appended to, so a replaced or cut file
 * shows there). Null otherwise, whatever the file holds: the log tells everything.
 */
export function loadSnapshot<State>(
  path: string,
  logPath: string,
  version: number,
  load: (saved: Readonly<Record<string, unknown>>) => State | null,
): Snapshot<State> | null {
  try {
    const file: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (!isObject(file) || file.version !== version) return null;
    const { inode, offset, hash } = file;
    const log = endOf(logPath);
    if (typeof offset !== "number" || inode !== log.inode || offset > log.offset) return null;
    const state = hashBefore(logPath, offset) === hash ? load(file) : null;
    return state === null ? null : { state, place: { inode: log.inode, offset } };
  } catch {
    return null;
  }
}

/** Writes a snapshot of what was folded up to `place`. What is lost with it is folded again, so it is not synced. */
export function saveSnapshot(path: string, logPath: string, place: Place, version: number, saved: object): void {
  const file = { version, ...place, hash: hashBefore(logPath, place.offset), ...saved };
  replaceFile(path, JSON.stringify(file), { sync: false });
}

/** Hash of the first and the last 1 KiB of what lies before `offset`: the same log has the same. */
function hashBefore(path: string, offset: number): string {
  return withFile(path, "", (fd) => {
    const samples = [0, Math.max(0, offset - SAMPLE)].map((start) => {
      const data = Buffer.alloc(Math.min(SAMPLE, offset - start));
      return data.subarray(0, readSync(fd, data, 0, data.length, start));
    });
    return quickHash(samples);
  });
}
