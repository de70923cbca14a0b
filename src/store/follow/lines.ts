import { closeSync, fstatSync, readSync } from "node:fs";
import { openRegular } from "../../base/small-file.ts";
import { errorCode } from "../../core/errors.ts";

/** One complete line of a file. */
export interface Line {
  readonly text: string;
  /** Byte offset of its first character. */
  readonly offset: number;
}

/** How far an append-only file was read. */
export interface Place {
  readonly inode: number;
  /** Behind the last newline that was read: an unfinished last line stays for later. */
  readonly offset: number;
}

/** What a read of new lines found. */
export interface NewLines {
  readonly lines: readonly Line[];
  /** Where the next read starts. */
  readonly place: Place;
  /** Another file stands there now, or a shorter one: what was read before does not count. */
  readonly restarted: boolean;
}

const CHUNK = 1 << 20;
const NEWLINE = 0x0a;

/** The start of any file. */
export const START: Place = { inode: 0, offset: 0 };

/**
 * The complete lines behind `place`; a missing file is empty. A file that is not the one of `place` is read from its start, or
 * from the byte that `restartAt` gives for its size.
 */
export function linesAfter(path: string, place: Place, restartAt: (size: number) => number = () => 0): NewLines {
  const missing = { lines: [], place: START, restarted: place.inode !== 0 };
  return withFile(path, missing, (fd) => {
    const { size, ino } = fstatSync(fd);
    const restarted = ino !== place.inode || size < place.offset;
    const { lines, end } = readLines(fd, restarted ? restartAt(size) : place.offset, size);
    return { lines, place: { inode: ino, offset: end }, restarted };
  });
}

/** All complete lines of a file; a missing one is empty. */
export function linesOf(path: string): readonly Line[] {
  return withFile(path, [], (fd) => readLines(fd, 0, fstatSync(fd).size).lines);
}

/** The place behind everything that a file holds now. */
export function endOf(path: string): Place {
  return withFile(path, START, (fd) => {
    const { size, ino } = fstatSync(fd);
    return { inode: ino, offset: size };
  });
}

function readLines(fd: number, start: number, size: number): { readonly lines: readonly Line[]; readonly end: number } {
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
  return { lines, end: start + at };
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
        // Text behind the last newline is an unfinished line.
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
    return openRegular(path);
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
