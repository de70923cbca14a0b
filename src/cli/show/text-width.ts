import { eastAsianWidth } from "get-east-asian-width";

/** Made when the first text needs it: it takes 30 ms. */
let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for one letter each. */
function* clustersOf(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Terminals draw an emoji, however it is put together, in two columns, and a letter with its marks as wide as the letter. */
function clusterWidth(cluster: string): number {
  if (/\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|^[\d#*]\ufe0f?\u20e3$/u.test(cluster)) return 2;
  const base = /[^\p{M}\p{Cf}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/u.exec(cluster)?.[0].codePointAt(0);
  return base === undefined ? 0 : eastAsianWidth(base);
}

/** Whether every character takes one column: those of Latin-1, and the signs that p9 itself draws. */
export function isPlain(text: string): boolean {
  return /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff–—‘’“”…›→✓✗▸↑↓█]*$/.test(text);
}

/** Columns of a text on a terminal. */
export function widthOf(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const cluster of clustersOf(text)) width += clusterWidth(cluster);
  return width;
}

/** A text that fits so many columns, with an ellipsis where it was cut. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  return `${start(text, columns - 1).trimEnd()}…`;
}

/** The longest start of a text that fits so many columns. */
export function start(text: string, columns: number): string {
  if (isPlain(text)) return text.slice(0, Math.max(0, columns));
  let kept = "";
  let width = 0;
  for (const cluster of clustersOf(text)) {
    width += clusterWidth(cluster);
    if (width > columns) break;
    kept += cluster;
  }
  return kept;
}

/** A text padded with spaces to so many columns. */
export function padTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

/**
 * The lines of a text that is broken at its spaces, and a word that is too long within itself: nothing is left out. An address stays
 * whole, so that it can be copied.
 */
export function wrap(text: string, columns: number, firstColumns = columns): readonly string[] {
  const lines: string[] = [];
  const room = () => (lines.length === 0 ? firstColumns : columns);
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= room()) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (widthOf(line) > room() && !line.includes("://")) {
      const fits = start(line, room()) || line.slice(0, 1);
      lines.push(fits);
      line = line.slice(fits.length);
    }
  }
  return [...lines, line];
}
