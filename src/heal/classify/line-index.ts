import type { Pattern } from "../../base/outside-pattern.ts";
import type { Rule } from "./rule.ts";

/** A line on which a rule holds. */
export interface Hit {
  readonly rule: Rule;
  readonly line: number;
}

/** Hits kept per rule, and lines tried per rule: a bound on the cost of a hostile log. */
const MAX_HITS = 60;
const MAX_TRIES = 4_000;

/** A text with the offsets of its lines, made once and searched by every rule. */
export class Lines {
  readonly #text: string;
  readonly #lower: string;
  readonly #starts: number[] = [];
  readonly #lines: readonly string[];

  constructor(lines: readonly string[]) {
    this.#lines = lines;
    this.#text = lines.join("\n");
    this.#lower = this.#text.toLowerCase();
    // A few characters change length in lower case: then offsets would not fit, and the text is searched as it is.
    if (this.#lower.length !== this.#text.length) this.#lower = this.#text;
    let at = 0;
    for (const line of lines) {
      this.#starts.push(at);
      at += line.length + 1;
    }
  }

  /** The lines on which `rule` holds, in order. */
  search(rule: Rule): Hit[] {
    return this.linesWith(rule.find, rule.re, rule.ignoreCase).map((line) => ({ rule, line }));
  }

  /** The lines that have one of the literals and match `pattern`, in order. */
  linesWith(literals: readonly string[], pattern?: Pattern, ignoreCase = false): number[] {
    const text = ignoreCase ? this.#lower : this.#text;
    const hits = new Set<number>();
    for (const literal of literals) {
      let tries = 0;
      let at = text.indexOf(literal);
      while (at >= 0 && tries++ < MAX_TRIES && hits.size < MAX_HITS) {
        const line = this.#lineAt(at);
        const content = this.#lines[line]!;
        if (!pattern || pattern.test(ignoreCase ? content.toLowerCase() : content)) hits.add(line);
        const next = this.#starts[line + 1];
        at = next === undefined ? -1 : text.indexOf(literal, next);
      }
    }
    return [...hits].sort((a, b) => a - b);
  }

  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
