import type { Span } from "./decoded.ts";
import { STAMPS } from "./stamps.ts";

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d:/g;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const PREFIX = new RegExp(`^${STAMPS}[ \\t>|+"'\`-]*`);
const KEY_LINE =
  /^(?:[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9+/]{1,64}={1,2}|=[A-Za-z0-9+/]{4}|(?:Proc-Type|DEK-Info|Comment|Version|Encryption|Public-Lines|Private-Lines|Private-MAC|Key-Derivation|Argon2-\w+): ?.*)?[\s"'`,;\\]*$/;
const SHOWN = "-----PRIVATE KEY *** -----";
/** Longer than a key of 16,384 bits with a time stamp before every line. */
const LONGEST_KEY = 32 * 1024;
const MAX_LINES = 400;
const LONGEST = 8192;

/** Blocks of private keys, also with time stamps before their lines, without their end, or without their beginning (the tail of a log). */
export function privateKeys(text: string): Span[] {
  if (!text.includes("PRIVATE KEY") && !text.includes("PuTTY-User-Key-File")) return [];
  const spans: Span[] = [];
  const marks = [...text.matchAll(END)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  const closed = new Set<number>();
  let done = 0;
  let next = 0;
  for (const { index, 0: mark } of text.matchAll(BEGIN)) {
    if (index < done) continue;
    while ((marks[next]?.start ?? Number.POSITIVE_INFINITY) < index) next += 1;
    done = lastKeyLine(text, index + mark.length, marks[next]);
    closed.add(done);
    spans.push({ start: index, end: done, shown: SHOWN });
  }
  for (const { start, end } of marks)
    if (!closed.has(end)) spans.push({ start: firstKeyLine(text, start), end, shown: SHOWN });
  return spans;
}

/** Where the key ends that goes on here: behind its END mark, or behind the last line that looks like one of a key. */
function lastKeyLine(text: string, from: number, mark: Omit<Span, "shown"> | undefined): number {
  if (mark && mark.start - from <= LONGEST_KEY) return mark.end;
  let end = from;
  let at = from;
  for (let count = 0; count < MAX_LINES && at < text.length; count++) {
    const [line = ""] = text.slice(at, at + LONGEST).split("\n", 1);
    const stop = at + line.length;
    const body = count === 0 ? line.trim() : line.slice(PREFIX.exec(line)?.[0].length ?? 0);
    // The first line may hold the whole key, its line ends turned into spaces.
    const first = count === 0 ? (/^[A-Za-z0-9+/=\s]*/.exec(line)?.[0].length ?? 0) : 0;
    if (!KEY_LINE.test(body)) return first > 16 ? at + first : end;
    if (body.trim() !== "") end = at + line.trimEnd().length;
    at = stop + 1;
  }
  return end;
}

/** Where the lines of a key begin that end here. */
function firstKeyLine(text: string, index: number): number {
  let start = lineStart(text, index);
  for (let count = 0; count < MAX_LINES && start > 0 && text[start - 1] === "\n"; count++) {
    const before = lineStart(text, start - 1);
    const line = text.slice(before, start - 1);
    const prefix = PREFIX.exec(line)?.[0].length ?? 0;
    const body = line.slice(prefix).trim();
    if (line.length >= LONGEST || body === "" || !KEY_LINE.test(body)) break;
    start = before;
  }
  return start;
}

/** Where the line of this place begins, or a place in it when it is long. */
function lineStart(text: string, at: number): number {
  const from = Math.max(0, at - LONGEST);
  return from + text.slice(from, at).lastIndexOf("\n") + 1;
}
