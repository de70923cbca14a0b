/** What a terminal draws two columns wide: East Asian letters and forms, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
/** What it draws on the letter before. */
const ON_TOP = /^[\p{Mn}\p{Me}]+$/u;

let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for one letter each. */
function graphemesOf(text: string): Iterable<{ readonly segment: string }> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** Columns of a text on a terminal. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += columnsOf(segment);
  return width;
}

function columnsOf(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2;
  return ON_TOP.test(grapheme) ? 0 : 1;
}

/** A text that fits so many columns, with an ellipsis where it was cut. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  return `${start(text, columns - 1).trimEnd()}…`;
}

/** The longest start of a text that fits so many columns. */
function start(text: string, columns: number): string {
  let kept = "";
  let width = 0;
  for (const { segment } of graphemesOf(text)) {
    width += columnsOf(segment);
    if (width > columns) break;
    kept += segment;
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
