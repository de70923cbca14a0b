import { readFileSync, readSync } from "node:fs";
import { quickHash } from "../base/hash.ts";
import { isObject } from "../base/json.ts";
import type { Wait } from "../core/wait.ts";
import { replaceFile } from "./files.ts";
import { type BadLine, View } from "./fold.ts";
import { withFile } from "./lines.ts";

const VERSION = 1;
const SAMPLE = 1024;

interface SnapshotFile {
  readonly version: number;
  readonly inode: number;
  readonly offset: number;
  readonly hash: string;
  readonly waits: Wait[];
  readonly links: [string, string[]][];
  readonly bad: BadLine[];
}

/** A view and the place in the log that it covers. */
export interface Snapshot {
  readonly view: View;
  readonly inode: number;
  readonly offset: number;
}

/**
 * The snapshot, if it belongs to this very log: same inode, at least as long, and the bytes before its offset hash the same
 * (the first and the last 1 KiB of them: the log is only ever appended to, so a replaced or cut file shows there).
 */
export function loadSnapshot(path: string, logPath: string, inode: number, size: number): Snapshot | null {
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null; // Missing, or not whole: the log tells everything.
  }
  if (!isSnapshot(file) || file.inode !== inode || file.offset > size) return null;
  if (hashBefore(logPath, file.offset) !== file.hash) return null;
  return { view: new View(file.waits, file.links, file.bad), inode, offset: file.offset };
}

/** Writes the snapshot; what is lost with it can be folded again, so it is not synced. */
export function saveSnapshot(path: string, logPath: string, snapshot: Snapshot): void {
  const { view, inode, offset } = snapshot;
  const file: SnapshotFile = {
    version: VERSION,
    inode,
    offset,
    hash: hashBefore(logPath, offset),
    waits: [...view.waits.values()],
    links: [...view.links].map(([session, older]) => [session, [...older]]),
    bad: [...view.bad],
  };
  replaceFile(path, JSON.stringify(file), { sync: false });
}

function isSnapshot(file: unknown): file is SnapshotFile {
  return (
    isObject(file) &&
    file.version === VERSION &&
    typeof file.offset === "number" &&
    Array.isArray(file.waits) &&
    Array.isArray(file.links) &&
    Array.isArray(file.bad)
  );
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
