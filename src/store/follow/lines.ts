import { closeSync, fstatSync, readSync } from "node:fs";
import { openRegular } from "../../base/small-file.ts";
import { errorCode, errorText, StateError } from "../../core/errors.ts";

/** One complete line of a file. */
export interface Line {
  readonly text: string;
  /** Byte offset of its first character. */
  readonly offset: number;
}

/** A line, and the byte behind its newline. */
interface LineWithEnd extends Line {
  readonly end: number;
}

/** How far an append-only file was read. */
export interface Place {
  readonly inode: number;
  /** Behind the last newline that was read: an unfinished last line stays for later. */
  readonly offset: number;
}

/** The complete lines behind a place, to be gone through once. They are read as they are taken: no file is held in memory. */
export interface NewLines extends Iterable<Line> {
  /** Behind the last line that was taken; once all were, where the next read starts. */
  readonly place: Place;
  /** Another file stands there now, or a shorter one: what was read before does not count. */
  readonly restarted: boolean;
}

const CHUNK = 1 << 20;
/** A longer line is no row: only its start becomes text, which shows what it was. */
const MAX_LINE = 16 << 20;
const KEPT_OF_LONG = 64 << 10;
const NEWLINE = 0x0a;

/** The start of any file. */
export const START: Place = { inode: 0, offset: 0 };

/**
 * The complete lines behind `place`; a missing file is empty. A file that is not the one of `place` is read from its start, or
 * from the byte that `restartAt` gives for its size.
 */
export function linesAfter(path: string, place: Place, restartAt: (size: number) => number = () => 0): NewLines {
  const { inode, offset: size } = endOf(path);
  const restarted = inode !== place.inode || size < place.offset;
  return new LinesOfFile(path, { inode, offset: restarted ? restartAt(size) : place.offset }, size, restarted);
}

class LinesOfFile implements NewLines {
  readonly restarted: boolean;
  readonly #path: string;
  readonly #size: number;
  #place: Place;

  constructor(path: string, place: Place, size: number, restarted: boolean) {
    this.#path = path;
    this.#place = place;
    this.#size = size;
    this.restarted = restarted;
  }

  get place(): Place {
    return this.#place;
  }

  *[Symbol.iterator](): Generator<Line> {
    const { inode, offset } = this.#place;
    if (offset >= this.#size) return;
    const lines = linesBetween(this.#path, { inode, start: offset, end: this.#size });
    for (let next = lines.next(); ; next = lines.next()) {
      if (next.done) {
        this.#place = { inode, offset: next.value };
        return;
      }
      this.#place = { inode, offset: next.value.end };
      yield next.value;
    }
  }
}

/** All complete lines of a file, oldest first; a missing one is empty. */
export function linesOf(path: string): Iterable<Line> {
  return linesAfter(path, START);
}

/** The place behind everything that a file holds now. */
export function endOf(path: string): Place {
  return withFile(path, START, (fd) => {
    const { size, ino } = fstatSync(fd);
    return { inode: ino, offset: size };
  });
}

/**
 * The complete lines between two bytes of the file with that inode, read in pieces into one buffer; returns the byte behind the last of
 * them. Another file at the path has none.
 */
export function* linesBetween(
  path: string,
  { inode, start, end }: { readonly inode: number; readonly start: number; readonly end: number },
): Generator<LineWithEnd, number> {
  const fd = open(path);
  if (fd === null) return start;
  try {
    if (fstatSync(fd).ino !== inode) return start;
    let data = Buffer.allocUnsafe(Math.min(CHUNK, end - start));
    let filled = 0;
    /** Offset of the line that `data` begins with; of a long one, only its start is kept. */
    let offset = start;
    let long: string | null = null;
    for (let at = start; at < end; ) {
      if (filled === data.length) data = Buffer.concat([data], data.length * 2);
      const read = readSync(fd, data, filled, Math.min(data.length - filled, end - at), at);
      if (read === 0) break;
      const first = at - filled;
      const held = data.subarray(0, filled + read);
      let from = 0;
      for (let next = held.indexOf(NEWLINE, filled); next >= 0; next = held.indexOf(NEWLINE, from)) {
        const behind = first + next + 1;
        if (long !== null) yield { text: long, offset, end: behind };
        else if (next > from) yield { text: data.toString("utf8", from, next), offset, end: behind };
        long = null;
        from = next + 1;
        offset = behind;
      }
      at += read;
      data.copyWithin(0, from, held.length);
      filled = held.length - from;
      if (filled > MAX_LINE || long !== null) {
        long ??= data.toString("utf8", 0, KEPT_OF_LONG);
        filled = 0;
      }
    }
    return offset;
  } finally {
    closeSync(fd);
  }
}

/** The complete lines of a file, newest first, read in pieces from its end. */
export function* linesBackwards(path: string): Generator<Line> {
  const fd = open(path);
  if (fd === null) return;
  try {
    let end = fstatSync(fd).size;
    let rest: Buffer = Buffer.alloc(0);
    // Text behind the last newline is an unfinished line.
    let dropping = true;
    while (end > 0) {
      const start = Math.max(0, end - (CHUNK >> 2));
      const chunk = Buffer.alloc(end - start);
      readSync(fd, chunk, 0, chunk.length, start);
      let data: Buffer = dropping ? chunk : Buffer.concat([chunk, rest]);
      if (dropping) {
        data = data.subarray(0, data.lastIndexOf(NEWLINE) + 1);
        dropping = data.length === 0;
      }
      // The first line of a piece may begin in the piece before it.
      const first = start === 0 ? 0 : data.indexOf(NEWLINE) + 1 || data.length;
      yield* splitBackwards(data.subarray(first), start + first);
      rest = start === 0 ? Buffer.alloc(0) : data.subarray(0, first);
      // A line that long is no row.
      dropping ||= rest.length > MAX_LINE;
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
    if (code === undefined) throw new StateError(`Cannot read "${path}": ${errorText(error)}`, [], { cause: error });
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
