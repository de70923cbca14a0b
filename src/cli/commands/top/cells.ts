import { stripControls } from "../../../base/text.ts";
import { isPlain, start, widthOf } from "../../show/text-width.ts";

/** A piece of a line of the screen. */
export interface Span {
  readonly text: string;
  /** @default {"plain"} */
  readonly tone?: Tone;
}

/** What a piece of text is; the frame knows how that looks. */
export type Tone = "plain" | "dim" | "strong" | "good" | "bad" | "warn";

/** One line of the screen. */
export type Line = readonly Span[];

/** Text of one line that moves no cursor and draws nothing unseen: what stands in a cell of the screen. */
export function cellText(text: string): string {
  return isPlain(text) ? text : stripControls(text.replace(/[\r\n\t]+/g, " "));
}

/** The start of a text that takes at most `width` cells; an ellipsis ends what was cut. */
export function clip(text: string, width: number): string {
  if (width <= 0) return "";
  if (isPlain(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  const clean = cellText(text);
  if (widthOf(clean) <= width) return clean;
  return `${start(clean, width - 1)}…`;
}

/** The text in exactly `width` cells. */
export function inCells(text: string, width: number): string {
  const clipped = clip(text, width);
  return clipped + " ".repeat(Math.max(0, width - widthOf(clipped)));
}

/** The text in lines of at most `width` cells, broken at spaces where there are any; at most `most` lines. */
export function wrap(text: string, width: number, most = 200): string[] {
  const lines: string[] = [];
  let rest = cellText(text).trim();
  while (rest !== "" && lines.length < most) {
    if (widthOf(rest) <= width) return [...lines, rest];
    // No character is wider than two cells: each line takes one at least.
    const line = start(rest, Math.max(2, width));
    const space = rest[line.length] === " " ? line.length : line.lastIndexOf(" ");
    const end = space > 0 ? space : line.length;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

/** The spans in exactly `width` cells. */
export function fitLine(line: Line, width: number): Line {
  const fitted: Span[] = [];
  let left = width;
  for (const { text, tone } of line) {
    if (left <= 0) break;
    const clipped = clip(text, left);
    left -= widthOf(clipped);
    fitted.push(tone === undefined ? { text: clipped } : { text: clipped, tone });
  }
  return left > 0 ? [...fitted, { text: " ".repeat(left) }] : fitted;
}
