import { isObject } from "../base/json.ts";
import { redact } from "../base/redact.ts";
import { secrecyOf } from "../base/secrets/names.ts";
import { stripControls } from "../base/text.ts";

/** What is nested deeper says nothing to anybody, and would exhaust the stack. */
const DEEPEST = 100;

/** A copy of a row or document for others to read, in which no text holds a secret; command lines (`argv`) are read as a whole. */
export function shown(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return shownText(value);
  if (depth > DEEPEST) return typeof value === "object" ? null : value;
  if (Array.isArray(value)) return isWords(value) ? shownWords(value) : value.map((member) => shown(member, depth + 1));
  return isObject(value) ? shownRow(value, depth) : value;
}

/** The same for one row of the log. */
export function shownRow<R extends object>(row: R, depth = 0): R {
  const members = Object.entries(row).map(([key, member]) => [
    key,
    typeof member === "string" ? shownMember(key, member) : shown(member, depth + 1),
  ]);
  return Object.fromEntries(members) as R;
}

/** The same texts stand in row after row. */
const told = new Map<string, string>();

function shownText(text: string): string {
  if (text.length < 6) return text;
  const known = told.get(text);
  if (known !== undefined) return known;
  const redacted = redact(text);
  // Other control characters than those in a secret are escaped where it is shown.
  const safe = redacted === stripControls(text) ? text : redacted;
  if (told.size >= 1000) told.clear();
  if (text.length <= 500) told.set(text, safe);
  return safe;
}

/** A value whose name says that it is secret, or that is by itself. */
function shownMember(key: string, text: string): string {
  const safe = shownText(text);
  if (safe !== text || secrecyOf(key) !== "sure") return safe;
  const setting = JSON.stringify({ [key]: text });
  return redact(setting) === setting ? text : "***";
}

function isWords(value: readonly unknown[]): value is string[] {
  return value.every((word) => typeof word === "string");
}

/** Words of a command line, redacted together, since the word before says whether one is secret (`--password`, `x`). */
function shownWords(words: readonly string[]): string[] {
  const alone = words.map(shownText);
  if (words.length < 2) return alone;
  try {
    const together: unknown = JSON.parse(redact(JSON.stringify(alone)));
    return Array.isArray(together) && isWords(together) && together.length === words.length ? together : alone;
  } catch {
    // What was masked held the end of a word.
    return alone;
  }
}
