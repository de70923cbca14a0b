import { isObject } from "../base/json.ts";
import { redact } from "../base/redact.ts";
import { secrecyOf } from "../base/secrets/names.ts";
import { stripControls } from "../base/text.ts";

/** A copy of a row or document for others to read, in which no text holds a secret; command lines (`argv`) are read as a whole. */
export function shown(value: unknown): unknown {
  if (typeof value === "string") return shownText(value);
  if (Array.isArray(value)) return isWords(value) ? shownWords(value) : value.map(shown);
  return isObject(value) ? shownRow(value) : value;
}

/** The same for one row of the log. */
export function shownRow<R extends object>(row: R): R {
  return Object.fromEntries(
    Object.entries(row).map(([key, member]) => [
      key,
      typeof member === "string" ? shownMember(key, member) : shown(member),
    ]),
  ) as R;
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
