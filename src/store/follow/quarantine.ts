import { readFileSync } from "node:fs";
import { asciiJson } from "../../base/json.ts";
import { appendLines } from "../files.ts";

/** An unreadable line of a log, kept beside it. */
export interface QuarantinedLine {
  readonly file: string;
  readonly inode: number;
  readonly offset: number;
  readonly why: string;
  readonly line: string;
}

const MAX_LINE = 64 * 1024;

/** Copies unreadable lines to the quarantine file, each once; the log keeps them. Best effort. */
export function quarantine(path: string, ts: string, lines: readonly QuarantinedLine[]): void {
  if (lines.length === 0) return;
  try {
    const known = knownPlaces(path);
    const fresh = lines.filter((line) => !known.has(`${line.inode}:${line.offset}`));
    if (fresh.length === 0) return;
    appendLines(
      path,
      fresh.map((line) => asciiJson({ ts, ...line, line: line.line.slice(0, MAX_LINE) })),
    );
  } catch {
    // A home that cannot be written can still be read.
  }
}

function knownPlaces(path: string): Set<string> {
  try {
    const places = readFileSync(path, "utf8").matchAll(/"inode":(\d+),"offset":(\d+)/g);
    return new Set([...places].map(([, inode, offset]) => `${inode}:${offset}`));
  } catch {
    return new Set();
  }
}
