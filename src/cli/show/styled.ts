import { padTo, widthOf, wrap } from "./text-width.ts";

const TONES = { green: 32, red: 31, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const;

/** How a piece of a line looks where colours are wanted. */
export type Tone = keyof typeof TONES;

/** A piece of a line for people. */
export interface Styled {
  readonly text: string;
  readonly tone?: Tone | undefined;
  /** The address that it opens, on terminals that know links. */
  readonly href?: string | null | undefined;
}

/** A piece of a line: a plain one is its text. */
export type Part = string | Styled;

/** What is wanted of a line. */
export interface Look {
  readonly color: boolean;
  readonly links: boolean;
  /** Takes out of a text what no terminal and no reader is to see. */
  readonly clean: (text: string) => string;
}

/** A line as the terminal reads it. */
export function paint(parts: readonly Part[], { color, links, clean }: Look): string {
  return parts
    .map((part) => {
      const { text, tone, href } = typeof part === "string" ? { text: part } : part;
      const safe = clean(text);
      const toned = color && tone !== undefined && safe !== "" ? `\u001b[${TONES[tone]}m${safe}\u001b[0m` : safe;
      const address = links && href ? webAddress(href) : null;
      return address === null ? toned : `\u001b]8;;${address}\u001b\\${toned}\u001b]8;;\u001b\\`;
    })
    .join("");
}

/**
 * An address that may stand in an escape sequence and be opened: of the web, without a login, and nothing but printable ASCII. Else
 * null.
 */
export function webAddress(href: string): string | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  const isPlain = (url.protocol === "https:" || url.protocol === "http:") && !url.username && !url.password;
  return isPlain && url.href.length <= 2000 && /^[!-~]+$/.test(url.href) ? url.href : null;
}

const textOf = (part: Part) => (typeof part === "string" ? part : part.text);

const BETWEEN = "  ";

/**
 * Lines that hold all of `cells`: two spaces between them, broken before a cell that does not fit, and within one that fits no line.
 * Lines after the first begin with `indent` spaces. Without columns it is one line.
 */
export function flow(cells: readonly Part[], columns: number | null, indent: number): readonly (readonly Part[])[] {
  const shown = cells.filter((cell) => textOf(cell) !== "");
  if (columns === null) return [shown.flatMap((cell, at) => (at === 0 ? [cell] : [BETWEEN, cell]))];
  const lines: Part[][] = [[]];
  let used = 0;
  const put = (begins: string, cell: Part, text: string) => {
    const piece = typeof cell === "string" ? text : { ...cell, text };
    lines.at(-1)?.push(...(begins === "" ? [piece] : [begins, piece]));
    used += begins.length + widthOf(text);
  };
  const newLine = () => {
    const last = lines.at(-1)?.pop();
    // Padding is for what follows on the same line.
    if (last !== undefined)
      lines.at(-1)?.push(typeof last === "string" ? last.trimEnd() : { ...last, text: last.text.trimEnd() });
    lines.push([]);
    used = 0;
  };
  for (const cell of shown) {
    const text = textOf(cell);
    const between = used === 0 ? "" : BETWEEN;
    const left = columns - used - between.length;
    const room = Math.max(10, columns - indent);
    if (widthOf(text.trimEnd()) <= left) {
      put(between, cell, text);
      continue;
    }
    // What needs several lines anyhow begins on this one where there is room for some words.
    const begins = widthOf(text) > room && left >= Math.min(24, columns / 2);
    if (!begins) newLine();
    const [first = "", ...more] = wrap(text.trimEnd(), room, begins ? left : room);
    put(begins ? between : " ".repeat(indent), cell, first);
    for (const rest of more) {
      newLine();
      put(" ".repeat(indent), cell, rest);
    }
  }
  return lines.filter((line) => line.length > 0);
}

/** A table whose columns are as wide as their widest cell; its last column is not padded. */
export function columnsOf(rows: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, widthOf(textOf(cell)))),
    [],
  );
  return rows.map((row) =>
    row.map((cell, at) => {
      if (at === row.length - 1) return cell;
      const text = padTo(textOf(cell), widths[at] ?? 0);
      return typeof cell === "string" ? text : { ...cell, text };
    }),
  );
}

/** Lines of one line of text: broken to fit `columns`, with the indent that it has. */
export function broken(line: string, columns: number | null): readonly string[] {
  if (columns === null) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const deeper = indent.length + 2 > columns / 2 ? indent : `${indent}  `;
  return wrap(line.trim(), Math.max(10, columns - deeper.length)).map(
    (text, at) => `${at === 0 ? indent : deeper}${text}`,
  );
}

/**
 * One line as several that fit `columns`, broken at its spaces; those after the first are indented two columns deeper. The parts keep
 * their looks.
 */
export function foldedParts(parts: readonly Part[], columns: number): readonly (readonly Part[])[] {
  const text = parts.map(textOf).join("");
  if (widthOf(text) <= columns) return [parts];
  const lead = /^ */.exec(text)?.[0].length ?? 0;
  const indent = Math.min(lead + 2, Math.floor(columns / 2));
  const lines = wrap(text.slice(lead), Math.max(10, columns - indent), Math.max(10, columns - lead));
  let at = lead;
  return lines.map((line, nth) => {
    const from = text.indexOf(line, at);
    at = from + line.length;
    return [" ".repeat(nth === 0 ? lead : indent), ...between(parts, from, at)];
  });
}

/** The parts of a line between two of its characters. */
function between(parts: readonly Part[], from: number, to: number): readonly Part[] {
  let at = 0;
  return parts.flatMap((part) => {
    const text = textOf(part).slice(Math.max(0, from - at), Math.max(0, to - at));
    at += textOf(part).length;
    return text === "" ? [] : [typeof part === "string" ? text : { ...part, text }];
  });
}
