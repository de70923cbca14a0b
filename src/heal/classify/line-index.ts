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

/** Which runs of three characters a text has, roughly: what is absent here is not in the text. */
class Grams {
  readonly #seen = new Uint8Array(1 << 18);

  constructor(text: string) {
    let key = 0;
    for (let at = 0; at < text.length; at++) {
      key = next(key, text.charCodeAt(at));
      this.#seen[key] = 1;
    }
  }

  mayHave(literal: string): boolean {
    let key = 0;
    for (let at = 0; at < literal.length; at++) {
      key = next(key, literal.charCodeAt(at));
      if (at >= 2 && this.#seen[key] === 0) return false;
    }
    return true;
  }
}

/** Six bits for each of the last three characters. */
const next = (key: number, code: number): number => ((key << 6) | ((code ^ (code >> 5)) & 63)) & 0x3ffff;

/** A text to search, and what it cannot have. */
interface Searched {
  readonly text: string;
  readonly grams: Grams;
}

/** A text with the offsets of its lines, made once and searched by every rule. */
export class Lines {
  readonly #asIs: Searched;
  readonly #starts: Uint32Array;
  readonly #lines: readonly string[];
  #lower: Searched | undefined;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
    const text = lines.join("\n");
    this.#asIs = { text, grams: new Grams(text) };
    this.#starts = new Uint32Array(lines.length);
    let at = 0;
    lines.forEach((line, index) => {
      this.#starts[index] = at;
      at += line.length + 1;
    });
  }

  #inLowerCase(): Searched {
    if (this.#lower) return this.#lower;
    const text = this.#asIs.text.toLowerCase();
    // A few characters change length in lower case: then offsets would not fit, and the text is searched as it is.
    this.#lower = text.length === this.#asIs.text.length ? { text, grams: new Grams(text) } : this.#asIs;
    return this.#lower;
  }

  /** The lines on which `rule` holds, in order. */
  search(rule: Rule): Hit[] {
    return this.linesWith(rule.find, rule.re, rule.ignoreCase).map((line) => ({ rule, line }));
  }

  /** The lines that have one of the literals and match `pattern`, in order. */
  linesWith(literals: readonly string[], pattern?: Pattern, ignoreCase = false): number[] {
    const { text, grams } = ignoreCase ? this.#inLowerCase() : this.#asIs;
    const hits = new Set<number>();
    for (const literal of literals) {
      if (!grams.mayHave(literal)) continue;
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
