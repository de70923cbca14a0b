/** A stretch of a text that must not be shown. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** What is shown instead; default: `***`. */
  readonly shown?: string;
}

/**
 * Escapes of JSON, shells, addresses and HTML: quotes, white space and characters by number, and colours whose escape character is
 * itself written out (`\u001b[31m`, `^[[31m`). An address in an address has its escapes escaped again (`%253D`), and so has JSON in one (`%5C%22`).
 */
const RUN =
  /(?:(?:\\{1,8}(?:u001[bB]|x1[bB]|033|e)|\^\[)\[[0-9;?]{0,16}[A-Za-z]|%1[bB](?:%5[bB]|\[)(?:[0-9;?]|%3[bB]){0,16}[A-Za-z]|(?:\\|%(?:25){0,3}5[cC]){1,8}(?:["'`/]|[nrtfv]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|%(?:25){0,3}2[27])|%(?:25){0,3}(?:[2-7][0-9a-fA-F]|0[9aAdD])|&(?:quot|amp|apos|lt|gt|#39|#34|#x27);){1,64}/g;
const COLOUR =
  /(?:\\+(?:u001[bB]|x1[bB])\[|\\+(?:033|e)\[|\^\[\[)[0-9;?]*[A-Za-z]|%1[bB](?:%5[bB]|\[)(?:[0-9;?]|%3[bB])*[A-Za-z]/g;
const ONE =
  /(?:\\|%(?:25)*5[cC])+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtfv])|(["'`/]|%(?:25)*2[27]))|%(?:25)*([2-7][0-9a-fA-F]|0[9aAdD])|&(quot|amp|apos|lt|gt|#39|#34|#x27);/g;
const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  "#34": '"',
  amp: "&",
  apos: "'",
  "#39": "'",
  "#x27": "'",
  lt: "<",
  gt: ">",
};

/** A text without escapes that knows which characters were written as one. */
export interface Readable {
  readonly text: string;
  isEscaped(at: number): boolean;
}

/** A text as its reader will see it, escapes undone, with the way back to where each character was written. */
export class Decoded implements Readable {
  readonly text: string;
  /** Of each run of escapes: where it began and ended in the source, and where what it stands for begins and ends here. */
  readonly #runs: { readonly from: number; readonly to: number; readonly start: number; readonly end: number }[] = [];

  constructor(source: string) {
    if (!/[\\%&]|\^\[/.test(source)) {
      this.text = source;
      return;
    }
    const parts: string[] = [];
    let done = 0;
    let length = 0;
    for (const match of source.matchAll(RUN)) {
      const run = remembered(match[0]);
      const from = match.index;
      const to = from + match[0].length;
      const start = length + from - done;
      parts.push(source.slice(done, from), run);
      length = start + run.length;
      done = to;
      this.#runs.push({ from, to, start, end: length });
    }
    parts.push(source.slice(done));
    this.text = parts.join("");
  }

  /** Whether the character at this place was written as an escape. */
  isEscaped(at: number): boolean {
    const run = this.#runAt(at);
    return run !== undefined && at >= run.start && at < run.end;
  }

  /** The stretch of the source that a stretch of the text came from. */
  source(span: Span): Span {
    if (this.#runs.length === 0) return span;
    const { start, end, shown } = span;
    const first = this.#runAt(start);
    const last = this.#runAt(end - 1);
    const from = first === undefined ? start : start < first.end ? first.from : first.to + start - first.end;
    const to = last === undefined ? end : end - 1 < last.end ? last.to : last.to + end - last.end;
    return { start: from, end: to, ...(shown === undefined ? {} : { shown }) };
  }

  /** The last run that begins at this place or before it; of those at the same place the one that stands for something. */
  #runAt(at: number) {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.start ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return this.#runs[low - 1];
  }
}

/** The same few escapes make up most of a text that has many. */
const undone = new Map<string, string>();

function remembered(run: string): string {
  const known = undone.get(run);
  if (known !== undefined) return known;
  const text = unescaped(run);
  if (undone.size >= 500) undone.clear();
  if (run.length <= 200) undone.set(run, text);
  return text;
}

function unescaped(run: string): string {
  return run.replace(COLOUR, "").replace(ONE, (_, u, x, space, quote, percent, entity) => {
    if (space) return space === "t" ? "\t" : "\n";
    if (quote) return quote.startsWith("%") ? (quote.endsWith("7") ? "'" : '"') : quote;
    if (entity) return ENTITIES[entity] ?? "";
    const code = Number.parseInt(u ?? x ?? percent, 16);
    return code >= 0x20 && code !== 0x7f
      ? String.fromCharCode(code)
      : code === 9 || code === 10 || code === 13
        ? "\n"
        : "";
  });
}

/** Stretches in order, those that touch joined. */
export function joined(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (last && span.start < last.end) out[out.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else out.push(span);
  }
  return out;
}
