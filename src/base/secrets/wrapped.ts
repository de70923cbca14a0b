import type { Span } from "./decoded.ts";
import { STAMPS } from "./stamps.ts";

/** Lines that the edge of a screen broke, as the one that they were. */
export interface Rejoined {
  readonly text: string;
  /** Whether one of the lines holds a space; what has none is a block of data, as base64. */
  readonly hasSpaces: boolean;
  /** Where a stretch of that line stands, line by line. */
  readonly source: (span: Span) => Span[];
}

/** A line without what stands before all lines of its log. */
interface Line {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

const STAMP = new RegExp(STAMPS, "y");
/** Columns at which screens and tools break lines. */
const EDGES = new Set([76, 78, 79, 80, 100, 120, 132, 160, 200]);
const NARROWEST = 40;
const WIDEST = 400;
/** How a line begins that goes on with a secret, and how one does that begins with a word. */
const GOES_ON = /[\w+/=.~%@:-]/;
const WORD = /[A-Za-z][a-z]{2,20}(?=[\s,.:;]|$)/y;
/** A text of nothing but broken lines is read twice up to here. */
const MOST = 256 * 1024;

/**
 * The lines that were broken at an edge: those as wide as a screen is, and those in a row that are equally wide and break within a word.
 * It joins too much rather than too little, for what it joins is only searched.
 */
export function rejoinedLines(text: string): Rejoined[] {
  const found: Rejoined[] = [];
  let group: Line[] = [];
  let left = MOST;
  let before = -1;
  for (let line = lineAt(text, 0); line && left > 0; ) {
    const next = lineAt(text, line.to + 1);
    const isBroken = next !== null && breaks(text, line, next, before);
    if (isBroken || group.length > 0) {
      group.push(line);
      left -= widthOf(line);
    }
    if (group.length > 0 && (!isBroken || left <= 0)) {
      found.push(rejoin(text, group));
      group = [];
    }
    before = widthOf(line);
    line = next;
  }
  return found;
}

/** Whether the first line goes on in the second one. */
function breaks(text: string, line: Line, next: Line, before: number): boolean {
  const width = widthOf(line);
  if (width < NARROWEST || width > WIDEST || !GOES_ON.test(text[next.from] ?? "")) return false;
  WORD.lastIndex = next.from;
  if (WORD.test(text)) return false;
  if (EDGES.has(width) || EDGES.has(line.to - line.at)) return true;
  return (width === before || width === widthOf(next)) && text[line.to - 1] !== " ";
}

const widthOf = ({ from, to }: Line) => to - from;

/** The line that begins here, or null behind the last one. */
function lineAt(text: string, at: number): Line | null {
  if (at > text.length) return null;
  const end = text.indexOf("\n", at);
  const to = end < 0 ? text.length : end;
  STAMP.lastIndex = at;
  if (to - at > 8) STAMP.exec(text);
  return { at, from: Math.min(STAMP.lastIndex, to), to };
}

function rejoin(text: string, lines: readonly Line[]): Rejoined {
  const parts = lines.map(({ from, to }) => text.slice(from, to));
  const starts: number[] = [];
  let length = 0;
  for (const line of lines) {
    starts.push(length);
    length += widthOf(line);
  }
  const source = (span: Span) => {
    const spans: Span[] = [];
    for (let i = lastBefore(starts, span.start); i < lines.length; i++) {
      const { from = 0, to = 0 } = lines[i] ?? {};
      const moved = from - (starts[i] ?? 0);
      if (from - moved >= span.end) break;
      const start = Math.max(span.start + moved, from);
      const end = Math.min(span.end + moved, to);
      if (start < end) spans.push({ ...span, start, end });
    }
    return spans;
  };
  return { text: parts.join(""), hasSpaces: parts.some((part) => part.includes(" ")), source };
}

/** Index of the last of these numbers, which grow, that is not above a place. */
function lastBefore(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}
