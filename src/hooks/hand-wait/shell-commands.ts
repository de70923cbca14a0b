import {
  bodiesOf,
  endOf,
  endOfAnsi,
  endOfDouble,
  endOfParenthesis,
  type HereDocument,
  hereDocumentAt,
  MAX_DEPTH,
} from "./shell-ends.ts";
import { strip } from "./shell-wrappers.ts";

/** One simple command of a shell line: its words without quotes, assignments, keywords and what only wraps it. */
export interface SimpleCommand {
  readonly words: readonly string[];
  /** Inside `while`, `until` or `for`. */
  readonly inLoop: boolean;
}

const LOOPS = new Set(["while", "until", "for"]);
const BEFORE_LOOPS = new Set(["do", "then", "else", "elif", "if", "!", "{", "(", "time", "done", ...LOOPS]);
const SHELLS = /^(?:.*\/)?(?:ba|da|z)?sh$/;

/**
 * Finds the simple commands of a shell line, in order, including those in `$(…)`, backticks, `sh -c '…'` and here-documents of a
 * shell. Expands nothing, and skips what it cannot parse.
 */
export function simpleCommands(line: string, inLoop = false, nested = 0): SimpleCommand[] {
  const out: SimpleCommand[] = [];
  if (nested > MAX_DEPTH) return out;
  let depth = inLoop ? 1 : 0;
  for (const { words, inner, input } of split(line)) {
    for (const word of words) {
      if (LOOPS.has(word)) depth++;
      if (word === "done") depth = Math.max(inLoop ? 1 : 0, depth - 1);
      if (!BEFORE_LOOPS.has(word)) break;
    }
    const bare = strip(words);
    const script = shellScript(bare, input);
    if (script !== undefined) out.push(...simpleCommands(script, depth > 0, nested + 1));
    else if (bare.length > 0) out.push({ words: bare, inLoop: depth > 0 });
    for (const text of inner) out.push(...simpleCommands(text, depth > 0, nested + 1));
  }
  return out;
}

/** The script that a shell gets: with `-c`, to `eval`, or as its input. */
function shellScript(words: readonly string[], input: readonly string[]): string | undefined {
  const [program = "", ...rest] = words;
  if (program === "eval") return rest.join(" ");
  if (!SHELLS.test(program)) return undefined;
  const flag = rest.findIndex((word) => /^-\w*c$/.test(word));
  if (flag >= 0) return rest[flag + 1];
  return rest.every((word) => word.startsWith("-")) ? input.at(-1) : undefined;
}

interface Segment {
  readonly words: string[];
  /** Texts of command substitutions. */
  readonly inner: string[];
  /** Texts of here-documents. */
  readonly input: string[];
}

/** Cuts a line at `;`, `&`, `|`, newlines and parentheses that are not quoted. */
function split(line: string): Segment[] {
  return new Splitter(line).run();
}

class Splitter {
  readonly #line: string;
  readonly #segments: Segment[] = [];
  #current: Segment = { words: [], inner: [], input: [] };
  #word: string | null = null;
  #index = 0;
  /** Parentheses that are open. */
  #open = 0;
  /** Segments that may still turn out to be patterns of a `case`: `a|b)`. */
  #piped = 0;
  #documents: { readonly document: HereDocument; readonly of: Segment }[] = [];

  constructor(line: string) {
    this.#line = line;
  }

  run(): Segment[] {
    for (; this.#index < this.#line.length; this.#index++) this.#step(this.#line[this.#index] ?? "");
    this.#endSegment();
    return this.#segments;
  }

  #step(char: string): void {
    const next = this.#line[this.#index + 1];
    if (char === "\\") this.#escape();
    else if (char === "'") this.#quoted(endOf(this.#line, this.#index + 1, "'"));
    else if (char === "$" && next === "'") {
      this.#index++;
      this.#quoted(endOfAnsi(this.#line, this.#index + 1));
    } else if (char === '"') this.#double();
    else if (char === "$" && next === "(") this.#substitution(2, endOfParenthesis(this.#line, this.#index + 2));
    else if (char === "`") this.#substitution(1, endOf(this.#line, this.#index + 1, "`"));
    else if (char === "#" && this.#word === null) this.#index = endOf(this.#line, this.#index, "\n") - 1;
    else if (char === "<" && next === "<") this.#announce();
    else if (char === "\n") this.#newline();
    else if (this.#separates(char)) this.#separate(char);
    else if (/\s/.test(char)) this.#endWord();
    else this.#add(char);
  }

  #separates(char: string): boolean {
    if (/[;|()]/.test(char)) return true;
    return char === "&" && !/[<>]/.test(this.#line[this.#index - 1] ?? "") && this.#line[this.#index + 1] !== ">";
  }

  #separate(char: string): void {
    if (char === "(") this.#open++;
    if (char === ")" && this.#open-- === 0) this.#dropPattern();
    const isPipe = char === "|" && this.#line[this.#index + 1] !== "|" && this.#line[this.#index - 1] !== "|";
    this.#piped = isPipe ? this.#piped + 1 : 0;
    this.#endSegment();
  }

  /** Drops the pattern of a `case`, which an unmatched parenthesis ends: it runs nothing except its substitutions. */
  #dropPattern(): void {
    this.#open = 0;
    this.#endWord();
    const dropped = [...this.#segments.splice(this.#segments.length - this.#piped), this.#current];
    this.#current = { words: [], inner: dropped.flatMap(({ inner }) => inner), input: [] };
  }

  #escape(): void {
    this.#index++;
    if (this.#line[this.#index] !== "\n") this.#add(this.#line[this.#index] ?? "");
  }

  #quoted(end: number): void {
    this.#add(this.#line.slice(this.#index + 1, end));
    this.#index = end;
  }

  #double(): void {
    const end = endOfDouble(this.#line, this.#index + 1);
    const text = this.#line.slice(this.#index + 1, end);
    this.#current.inner.push(...substitutions(text));
    this.#add(text.replace(/\\(["\\$`])/g, "$1"));
    this.#index = end;
  }

  #substitution(opening: number, end: number): void {
    this.#current.inner.push(this.#line.slice(this.#index + opening, end));
    this.#add("$()");
    this.#index = end;
  }

  #announce(): void {
    const document = hereDocumentAt(this.#line, this.#index);
    if (document) this.#documents.push({ document, of: this.#current });
    this.#endWord();
    this.#index = (document?.end ?? this.#index + (this.#line[this.#index + 2] === "<" ? 3 : 2)) - 1;
  }

  /** Skips the lines of pending here-documents before the next command. */
  #newline(): void {
    this.#piped = 0;
    this.#endSegment();
    const announced = this.#documents.splice(0);
    if (announced.length === 0) return;
    const documents = announced.map(({ document }) => document);
    const { bodies, end } = bodiesOf(this.#line, this.#index + 1, documents);
    for (const [at, { document, of }] of announced.entries()) {
      of.input.push(bodies[at] ?? "");
      if (!document.quoted) of.inner.push(...substitutions(bodies[at] ?? ""));
    }
    this.#index = end - 1;
  }

  #add(text: string): void {
    this.#word = (this.#word ?? "") + text;
  }

  #endWord(): void {
    if (this.#word !== null) this.#current.words.push(this.#word);
    this.#word = null;
  }

  #endSegment(): void {
    this.#endWord();
    if (this.#current.words.length > 0 || this.#current.inner.length > 0) this.#segments.push(this.#current);
    this.#current = { words: [], inner: [], input: [] };
  }
}

function substitutions(text: string): string[] {
  const out: string[] = [];
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === "$" && text[index + 1] === "(") {
      const end = endOfParenthesis(text, index + 2);
      out.push(text.slice(index + 2, end));
      index = end;
    } else if (text[index] === "`") {
      const end = endOf(text, index + 1, "`");
      out.push(text.slice(index + 1, end));
      index = end;
    }
  }
  return out;
}
