import { join } from "node:path";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import { makeDir, replaceFile } from "./files.ts";
import { endOf, type Line, linesBetween } from "./follow/lines.ts";
import { hashBefore } from "./follow/snapshot.ts";
import { isUnreadable } from "./follow/unreadable.ts";
import { parseEvent } from "./parse.ts";

/** A line belongs to the segment in which it begins. */
const SEGMENT_BYTES = 4 << 20;
const VERSION = 1;

/** What a search looks for. */
export type Key = `wait:${string}` | `pr:${number}`;

/** What is known of the rows of one segment. */
interface Summary {
  /** Hashes of all keys of its rows. */
  readonly keys: Uint32Array;
  /** Time of the newest row (ms since the epoch). */
  readonly newest: number;
}

/**
 * The log in segments of 4 MiB, so that a search skips what cannot hold what it looks for. A full segment gets a small file that says
 * which waits and pull requests its rows name and how new they are. These files are made when a search first needs them, each whole; one
 * that is missing, or of another log, is made again. The log itself stays as it is, whoever appends to it.
 */
export class Segments {
  readonly #log: string;
  readonly #folder: string;
  readonly #known = new Map<number, Summary>();
  #inode = 0;

  constructor(log: string, folder: string) {
    this.#log = log;
    this.#folder = folder;
  }

  /** The lines of all segments that name `key`, oldest first; lines that do not are among them. */
  *linesWith(key: Key): Generator<Line> {
    for (const segment of this.#all()) if (this.#names(segment, key)) yield* this.#linesOf(segment);
  }

  /** The same, newest first. */
  *linesWithBackwards(key: Key): Generator<Line> {
    for (const segment of this.#all().reverse()) {
      if (this.#names(segment, key)) yield* [...this.#linesOf(segment)].reverse();
    }
  }

  /** The lines of all segments that have rows of that time (ms since the epoch) or later, oldest first. */
  *linesSince(since: number): Generator<Line> {
    for (const segment of this.#all()) {
      if (!segment.full || this.#summary(segment).newest >= since) yield* this.#linesOf(segment);
    }
  }

  #all(): Segment[] {
    const { inode, offset } = endOf(this.#log);
    if (inode !== this.#inode) this.#known.clear();
    this.#inode = inode;
    const full = Math.floor(offset / SEGMENT_BYTES);
    return Array.from({ length: full + 1 }, (_, number) => ({ number, inode, size: offset, full: number < full }));
  }

  #names(segment: Segment, key: Key): boolean {
    return !segment.full || this.#summary(segment).keys.includes(hashOf(key));
  }

  #summary(segment: Segment): Summary {
    const known = this.#known.get(segment.number) ?? this.#load(segment) ?? this.#make(segment);
    this.#known.set(segment.number, known);
    return known;
  }

  *#linesOf({ number, inode, size }: Segment): Generator<Line, boolean> {
    const [from, to] = [number * SEGMENT_BYTES, (number + 1) * SEGMENT_BYTES];
    // From the byte before it on: what ends there, or is cut by it, begins in the segment before.
    const lines = linesBetween(this.#log, { inode, start: Math.max(0, from - 1), end: size });
    for (let next = lines.next(); ; next = lines.next()) {
      if (next.done) return next.value >= to;
      if (next.value.offset >= to) return lines.return(0) !== null;
      if (next.value.offset >= from) yield next.value;
    }
  }

  #make(segment: Segment): Summary {
    const keys = new Set<number>();
    let newest = 0;
    const lines = this.#linesOf(segment);
    let next = lines.next();
    for (; !next.done; next = lines.next()) {
      for (const key of keysIn(next.value.text)) keys.add(hashOf(key));
      for (const [, ts = ""] of next.value.text.matchAll(TS)) newest = Math.max(newest, Date.parse(ts) || 0);
    }
    const made = { keys: Uint32Array.from(keys), newest };
    // The last line of a segment may still be being written.
    if (next.value) this.#save(segment, made);
    return made;
  }

  #path({ number }: Segment): string {
    return join(this.#folder, `${number}.json`);
  }

  #load(segment: Segment): Summary | null {
    try {
      const file: unknown = JSON.parse(readSmallFile(this.#path(segment), SEGMENT_BYTES));
      if (!isObject(file) || file.version !== VERSION || file.inode !== segment.inode) return null;
      if (file.hash !== this.#hash(segment) || typeof file.keys !== "string") return null;
      const bytes = Uint8Array.from(Buffer.from(file.keys, "base64"));
      return { keys: new Uint32Array(bytes.buffer), newest: Number(file.newest) };
    } catch {
      return null;
    }
  }

  #save(segment: Segment, { keys, newest }: Summary): void {
    const bytes = Buffer.from(keys.buffer).toString("base64");
    const file = { version: VERSION, inode: segment.inode, hash: this.#hash(segment), newest, keys: bytes };
    try {
      makeDir(this.#folder);
      replaceFile(this.#path(segment), JSON.stringify(file), { sync: false });
    } catch {
      // A full or read-only disk costs time on the next search only.
    }
  }

  #hash({ number }: Segment): string {
    return hashBefore(this.#log, (number + 1) * SEGMENT_BYTES);
  }
}

interface Segment {
  readonly number: number;
  readonly inode: number;
  /** Bytes of the whole log when the search began. */
  readonly size: number;
  /** It will get no further line. */
  readonly full: boolean;
}

const WAIT_ID = /"wait_id":\s*("(?:[^"\\]|\\.)*")/g;
const PR = /"pr":\s*(\d+)/g;
const TS = /"ts":\s*"([^"]*)"/g;

/** All keys of a row, and perhaps some that only a text in it names. Not parsed: that would take several times as long. */
function* keysIn(line: string): Generator<Key> {
  for (const [, pr] of line.matchAll(PR)) yield `pr:${Number(pr)}`;
  let named = false;
  for (const [, id = '""'] of line.matchAll(WAIT_ID)) {
    named = true;
    yield `wait:${textOf(id)}`;
  }
  if (named) return;
  // The Python p9 named no wait.
  const event = parseEvent(line);
  if (!isUnreadable(event) && "wait_id" in event && typeof event.wait_id === "string") yield `wait:${event.wait_id}`;
}

function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}

/** FNV-1a: two keys of one hash cost a segment read in vain. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
