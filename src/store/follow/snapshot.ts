import { readSync } from "node:fs";
import { isObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";
import { replaceFile } from "../files.ts";
import { endOf, type Place, withFile } from "./lines.ts";

const SAMPLE = 1024;

/** A state and the place in the log that it covers. */
export interface Snapshot<State> {
  readonly state: State;
  readonly place: Place;
  readonly bytes: number;
}

/** Which snapshots can be used. */
export interface SnapshotFormat {
  readonly version: number;
  /** A larger one is folded again from the log, in pieces. */
  readonly maxSnapshotBytes: number;
}

/**
 * Loads the snapshot if this version can read it and it belongs to this log: same inode, at least as long, and the same hash of
 * the bytes before its offset (of the first and the last 1 KiB, which shows a replaced or cut file because the log is only
 * appended to). Null otherwise.
 */
export function loadSnapshot<State>(
  path: string,
  logPath: string,
  format: SnapshotFormat,
  load: (saved: Readonly<Record<string, unknown>>) => State | null,
): Snapshot<State> | null {
  try {
    const text = readSmallFile(path, format.maxSnapshotBytes);
    const file: unknown = JSON.parse(text);
    if (!isObject(file) || file.version !== format.version) return null;
    const { inode, offset, hash } = file;
    const log = endOf(logPath);
    if (typeof offset !== "number" || inode !== log.inode || offset > log.offset) return null;
    const state = hashBefore(logPath, offset) === hash ? load(file) : null;
    return state === null ? null : { state, place: { inode: log.inode, offset }, bytes: text.length };
  } catch {
    return null;
  }
}

/**
 * Writes a snapshot of what was folded up to `place`, and gives its length. Not synced, because a lost snapshot is folded again.
 */
export function saveSnapshot(path: string, logPath: string, place: Place, version: number, saved: object): number {
  const text = JSON.stringify({ version, ...place, hash: hashBefore(logPath, place.offset), ...saved });
  replaceFile(path, text, { sync: false });
  return text.length;
}

/** Hash of the first and the last 1 KiB of what lies before `offset`: the same log has the same. */
export function hashBefore(path: string, offset: number): string {
  return withFile(path, "", (fd) => {
    const samples = [0, Math.max(0, offset - SAMPLE)].map((start) => {
      const data = Buffer.alloc(Math.min(SAMPLE, offset - start));
      return data.subarray(0, readSync(fd, data, 0, data.length, start));
    });
    return quickHash(samples);
  });
}

/**
 * A quick 64-bit hash (FNV-1a with two different starts) as 16 hex digits. Not collision-resistant against an attacker; loading
 * `node:crypto` would cost a cold start 2 ms.
 */
function quickHash(pieces: readonly Uint8Array[]): string {
  let a = 0x811c9dc5;
  let b = 0xcbf29ce4;
  for (const piece of pieces) {
    for (const byte of piece) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ (byte + 0x9e), 0x01000193);
    }
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
