import { asciiJson } from "../../base/json.ts";
import { appendLines } from "../files.ts";
import { linesBackwards } from "./lines.ts";

/** An unreadable line of a log, kept beside it. */
export interface QuarantinedLine {
  readonly inode: number;
  readonly offset: number;
  readonly why: string;
  readonly line: string;
}

const MAX_LINE = 64 * 1024;
/** So many lines are held before they are written. */
const BATCH = 64;

/** Copies the unreadable lines of one log to the quarantine file, each once; the log keeps them. Best effort. */
export class Quarantine {
  readonly #path: string;
  readonly #file: string;
  readonly #now: () => string;
  #waiting: QuarantinedLine[] = [];
  /** Up to where in the log lines are known to be copied, while one read of it goes on. */
  #known: { readonly inode: number; readonly offset: number } | null = null;

  /** `file`: the log's name, as the copies name it. */
  constructor(path: string, file: string, now: () => string) {
    this.#path = path;
    this.#file = file;
    this.#now = now;
  }

  /** Takes a line; they come in the order of the log. */
  add(line: QuarantinedLine): void {
    this.#waiting.push({ ...line, line: line.line.slice(0, MAX_LINE) });
    if (this.#waiting.length >= BATCH) this.#write();
  }

  /** Writes what was taken: the read of the log is over. */
  flush(): void {
    if (this.#waiting.length > 0) this.#write();
    this.#known = null;
  }

  #write(): void {
    const lines = this.#waiting;
    this.#waiting = [];
    try {
      const fresh = lines.filter(({ inode, offset }) => offset > this.#knownUpTo(inode));
      const [ts, file, last] = [this.#now(), this.#file, fresh.at(-1)];
      if (!last) return;
      const rows = fresh.map(({ inode, offset, why, line }) => asciiJson({ ts, file, inode, offset, why, line }));
      appendLines(this.#path, rows, { sync: false });
      this.#known = last;
    } catch {
      // A home that cannot be written can still be read.
    }
  }

  #knownUpTo(inode: number): number {
    if (this.#known?.inode !== inode) this.#known = { inode, offset: this.#lastCopied(inode) };
    return this.#known.offset;
  }

  /** Offset of the last line of that file in the quarantine: copies are in the order of the log. */
  #lastCopied(inode: number): number {
    const start = `"file":${JSON.stringify(this.#file)},"inode":${inode},"offset":`;
    for (const { text } of linesBackwards(this.#path)) {
      const at = text.indexOf(start);
      if (at > 0 && at < 80) return Number.parseInt(text.slice(at + start.length), 10);
    }
    return -1;
  }
}
