import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { errorCode } from "../core/errors.ts";

/** One complete line of a file. */
export interface Line {
  readonly text: string;
  /** Byte offset of its first character. */
  readonly offset: number;
}

/** What a read of new lines found. */
export interface NewLines {
  readonly lines: readonly Line[];
  /** Where the next read starts: behind the last newline. An unfinished last line stays for later. */
  readonly end: number;
  readonly inode: number;
  readonly size: number;
}

const CHUNK = 1 << 20;
const NEWLINE = 0x0a;

/** The complete lines from byte `from` on; a missing file is empty. */
export function linesFrom(path: string, from: number): NewLines {
  return withFile(path, { lines: [], end: 0, inode: 0, size: 0 }, (fd) => {
    const { size, ino } = fstatSync(fd);
    const start = Math.min(from, size);
    const data = Buffer.allocUnsafe(size - start);
    let length = 0;
    while (length < data.length) {
      const read = readSync(fd, data, length, Math.min(CHUNK, data.length - length), start + length);
      if (read === 0) break;
      length += read;
    }
    const lines: Line[] = [];
    let at = 0;
    for (let next = data.indexOf(NEWLINE, at); next >= 0 && next < length; next = data.indexOf(NEWLINE, at)) {
      if (next > at) lines.push({ text: data.toString("utf8", at, next), offset: start + at });
      at = next + 1;
    }
    return { lines, end: start + at, inode: ino, size };
  });
}

/** The complete lines of a file, newest first, read in pieces from its end. */
export function* linesBackwards(path: string): Generator<Line> {
  const fd = open(path);
  if (fd === null) return;
  try {
    let end = fstatSync(fd).size;
    let rest = Buffer.alloc(0);
    let finished = false;
    while (end > 0) {
      const start = Math.max(0, end - (CHUNK >> 2));
      const chunk = Buffer.alloc(end - start);
      readSync(fd, chunk, 0, chunk.length, start);
      let data = Buffer.concat([chunk, rest]);
      if (!finished) {
        // What follows the last newline is a line in the making.
        data = data.subarray(0, data.lastIndexOf(NEWLINE) + 1);
        finished = data.length > 0;
      }
      // The first line of a piece may begin in the piece before it.
      const first = start === 0 ? 0 : data.indexOf(NEWLINE) + 1 || data.length;
      yield* splitBackwards(data.subarray(first), start + first);
      rest = start === 0 ? Buffer.alloc(0) : data.subarray(0, first);
      end = start;
    }
  } finally {
    closeSync(fd);
  }
}

function* splitBackwards(data: Buffer, offset: number): Generator<Line> {
  let end = data.length;
  while (end > 0) {
    // data[end - 1] is a newline; the line starts behind the one before it.
    const start = end >= 2 ? data.lastIndexOf(NEWLINE, end - 2) + 1 : 0;
    if (end - 1 > start) yield { text: data.toString("utf8", start, end - 1), offset: offset + start };
    end = start;
  }
}

function open(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

/** Runs `work` on an open file; `missing` when there is none. */
export function withFile<T>(path: string, missing: T, work: (fd: number) => T): T {
  const fd = open(path);
  if (fd === null) return missing;
  try {
    return work(fd);
  } finally {
    closeSync(fd);
  }
}
