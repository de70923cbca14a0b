import { eastAsianWidth } from "get-east-asian-width";
import { stripControls } from "../../../base/text.ts";

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

/** Made when the first text needs it: it takes 30 ms. */
let segmenter: Intl.Segmenter | undefined;

/** Text of one line that moves no cursor and draws nothing unseen: what stands in a cell of the screen. */
export function cellText(text: string): string {
  return isPlain(text) ? text : stripControls(text.replace(/[\r\n\t]+/g, " "));
}

/** How many cells a text takes. */
export function widthOf(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const cluster of clustersOf(text)) width += clusterWidth(cluster);
  return width;
}

/** The start of a text that takes at most `width` cells; an ellipsis ends what was cut. */
export function clip(text: string, width: number): string {
  if (width <= 0) return "";
  if (isPlain(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  const clean = cellText(text);
  if (widthOf(clean) <= width) return clean;
  return `${firstCells(clean, width - 1)}…`;
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
    const start = firstCells(rest, Math.max(2, width));
    const space = rest[start.length] === " " ? start.length : start.lastIndexOf(" ");
    const end = space > 0 ? space : start.length;
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

function firstCells(text: string, width: number): string {
  if (isPlain(text)) return text.slice(0, width);
  let taken = "";
  let cells = 0;
  for (const cluster of clustersOf(text)) {
    cells += clusterWidth(cluster);
    if (cells > width) break;
    taken += cluster;
  }
  return taken;
}

/** What a reader takes for one character each. */
function* clustersOf(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Terminals draw an emoji, however it is put together, in two cells, and a letter with its marks as wide as the letter. */
function clusterWidth(cluster: string): number {
  if (/\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|^[\d#*]\ufe0f?\u20e3$/u.test(cluster)) return 2;
  const base = /[^\p{M}\p{Cf}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/u.exec(cluster)?.[0].codePointAt(0);
  return base === undefined ? 0 : eastAsianWidth(base);
}

/** Whether every character takes one cell: those of Latin-1, and the signs that p9 itself draws. */
function isPlain(text: string): boolean {
  return /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff–—‘’“”…›→✓✗▸↑↓█]*$/.test(text);
}
