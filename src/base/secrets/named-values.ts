import type { Readable, Span } from "./decoded.ts";
import { secrecyOf } from "./names.ts";
import { isHarmless } from "./values.ts";

/** Parts of the names that {@link secrecyOf} knows: no name without one is looked at. */
const STEM = /pass|pwd|pw\b|secret|token|key|cred|auth|sess|pat\b|jwt|salt|otp|sid\b|\bsig\b|crumb/gi;
const IN_NAME = new Uint8Array(128);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$-")
  IN_NAME[char.charCodeAt(0)] = 1;
/** Between a name and its value: `=`, `: `, `": "`, `' => '`, `"] = "`, `","value":"`, `>`; with more space where values are aligned. */
const JOIN =
  /["'`\]]{0,3}(?:[ \t]{0,40}(=>|:=|==?|:)[ \t]{0,40}|(?:[,\s]{1,20}|[ \t]{0,4}\n(?:[^\t\n]{0,120}\t){2})(?:\d{4}-\d\d-\d\dT[\d:.]{5,20}Z[ \t]{1,20})?["']?[vV]alue["']?[ \t]{0,3}[=:][ \t]{0,8}|(>))/y;
const SPACE = /["']?(?:[ \t]{1,4}|,[ \t]{0,2}(?=["']))/y;
/** A table of variables: the value stands in a column of its own, and is one word with a digit. */
const COLUMN = /[ \t]{2,60}(?=[^\s=:"'][^\s\d"]{0,100}\d[^\s"]{0,1000}[ \t]{0,60}(?:["\n]|$))/y;
const VARIABLE = /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/;
/** `storePassword 'x'`: a setting without a sign, alone in its line. */
const QUOTED = /[ \t]{1,20}(?=(["'])[^\s"']{4,200}\1[ \t]{0,20}(?:["\n]|$))/y;
const BARE = /[^\s"'`,;&<>\\]*/y;
/** What before a name makes the next word its value. */
const SETS =
  /(?:^|[\s;&|"'`])(?:setenv|ENV|ARG|set|configure set|config set|config:set|secret set|env:set|variables? set)(?:[ \t]+--?[\w-]+)?[ \t]+$/;
const MAX_QUOTED = 1024;
const MAX_JUDGED = 256;
/** Names that are looked at within one value without quotes (the parameters of an address); what has more of them is hidden from there on. */
const MAX_IN_VALUE = 16;

/** Values whose name says that they are secret: settings, objects in any language, flags, headers, parameters of an address. */
export function namedValues(decoded: Readable): Span[] {
  const { text } = decoded;
  const spans: Span[] = [];
  const bare = new BareValues();
  STEM.lastIndex = 0;
  let done = 0;
  for (let hit = STEM.exec(text); hit; hit = STEM.exec(text)) {
    let start = hit.index;
    while (start > done && IN_NAME[text.charCodeAt(start - 1)] === 1) start -= 1;
    let end = STEM.lastIndex;
    while (end < text.length && IN_NAME[text.charCodeAt(end)] === 1) end += 1;
    done = end;
    const span = bare.isCrowded(start) ? bare.rest(start) : secretAfter(decoded, start, end, bare);
    if (span) {
      spans.push(span);
      done = span.end;
    }
    STEM.lastIndex = Math.max(done, hit.index + 1);
  }
  return spans;
}

/** The secret value that belongs to the name at this place, or null. */
function secretAfter(decoded: Readable, start: number, end: number, bare: BareValues): Span | null {
  const { text } = decoded;
  const name = nameAt(text, start, end);
  const secrecy = secrecyOf(name);
  if (secrecy === null) return null;
  const join = joinAfter(text, start, end, name);
  if (join === null) return null;
  const quote = text[join.end] ?? "";
  const quoted = quote === '"' || quote === "'" || quote === "`";
  const from = quoted ? join.end + 1 : join.end;
  const to = quoted
    ? closing(decoded, join.end, quote)
    : join.sign === ">"
      ? endOfElement(text, from)
      : bare.endOf(text, from);
  const value = text.slice(from, Math.min(to, from + MAX_JUDGED));
  const setting = {
    name,
    sure: secrecy === "sure",
    quoted,
    tight: join.tight || text[start - 1] === "?" || text[start - 1] === "&",
    isAlone: () =>
      (quoted || to >= text.length || text[to] === "\n") && (name.startsWith("--") || beginsLine(text, start)),
  };
  return isHarmless(value, setting) ? null : { start: from, end: to };
}

/** Whether nothing but white space, a time stamp, a quote or a list's dash stands before this place in its line. */
function beginsLine(text: string, start: number): boolean {
  return /(?:(?:^|\n|\dZ?[ \t]|[{,-])[ \t]*["']?|:[ \t]?["'])$/.test(text.slice(Math.max(0, start - 40), start));
}

/** The name, with the word before a lonely `key` that says which it is (`API key: …`). */
function nameAt(text: string, start: number, end: number): string {
  const name = text.slice(start, end);
  if (!/^keys?$/i.test(name)) return name;
  const before = /([A-Za-z]{3,12})[ \t]$/.exec(text.slice(Math.max(0, start - 13), start))?.[1];
  return before !== undefined && secrecyOf(`${before}_${name}`) === "sure" ? `${before}_${name}` : name;
}

interface Join {
  readonly sign: string;
  /** Where the value begins. */
  readonly end: number;
  readonly tight: boolean;
}

function joinAfter(text: string, start: number, end: number, name: string): Join | null {
  // Most are settings, which need no pattern.
  if (text[end] === "=" && !/[=>\s]/.test(text[end + 1] ?? "=")) return { sign: "=", end: end + 1, tight: true };
  JOIN.lastIndex = end;
  const match = JOIN.exec(text);
  if (match) {
    const sign = match[1] ?? match[2] ?? "value";
    if (sign === ">" && text[start - 1] !== "<") return null;
    if (sign === "==") return null;
    return { sign, end: JOIN.lastIndex, tight: sign === ">" || sign === "value" || match[0] === "=" };
  }
  for (const form of VARIABLE.test(name) ? [COLUMN, QUOTED] : [QUOTED]) {
    form.lastIndex = end;
    if (form.test(text) && beginsLine(text, start)) return { sign: " ", end: form.lastIndex, tight: false };
  }
  SPACE.lastIndex = end;
  const space = SPACE.exec(text);
  if (!space) return null;
  const flag = name.startsWith("-") || (text[start - 1] === "/" && /[\s"']/.test(text[start - 2] ?? " "));
  if (flag && /^["']?-/.test(text.slice(SPACE.lastIndex, SPACE.lastIndex + 2))) return null;
  const sets = SETS.test(text.slice(Math.max(0, start - 30), start));
  return flag || sets ? { sign: " ", end: SPACE.lastIndex, tight: false } : null;
}

/** Where a quoted value ends: at its quote, written as the opening one is, or at the end of the line. */
function closing(decoded: Readable, open: number, quote: string): number {
  const rest = decoded.text.slice(open + 1, open + MAX_QUOTED);
  const line = rest.indexOf("\n");
  const most = line < 0 ? rest.length : line;
  const escaped = decoded.isEscaped(open);
  for (let at = rest.indexOf(quote); at >= 0 && at < most; at = rest.indexOf(quote, at + 1)) {
    if (decoded.isEscaped(open + 1 + at) === escaped) return open + 1 + at;
  }
  return open + 1 + most;
}

/** Finds the end of a value without quotes. Of the places in one value only the first is searched from, so that no text is read twice. */
class BareValues {
  #from = 0;
  #to = -1;
  #count = 0;

  endOf(text: string, from: number): number {
    if (from >= this.#from && from <= this.#to) {
      this.#count += 1;
      return this.#to;
    }
    BARE.lastIndex = from;
    BARE.exec(text);
    this.#from = from;
    this.#to = BARE.lastIndex;
    this.#count = 1;
    return this.#to;
  }

  /** Whether this place is in a value in which many names were looked at already. */
  isCrowded(at: number): boolean {
    return this.#count >= MAX_IN_VALUE && at > this.#from && at < this.#to;
  }

  /** What is left of that value from here. */
  rest(start: number): Span {
    return { start, end: this.#to };
  }
}

/** The content of an element, up to its closing tag. */
function endOfElement(text: string, from: number): number {
  const end = text.slice(from, from + MAX_QUOTED).indexOf("<");
  return end < 0 || text[from + end + 1] !== "/" ? from : from + end;
}
