import { isObject } from "../base/json.ts";
import { redact } from "../base/redact.ts";

/** A copy of a row or document for others to read, in which command lines (`argv`, `cmd`) hold no secret. The log keeps them as they are, to run them. */
export function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shownMember(key, member)]));
}

/** The same for one row of the log. */
export function shownRow(row: object): object {
  return Object.fromEntries(Object.entries(row).map(([key, member]) => [key, shownMember(key, member)]));
}

function shownMember(key: string, member: unknown): unknown {
  if (key === "cmd" && typeof member === "string") return redact(member);
  return key === "argv" && isWords(member) ? shownWords(member) : shown(member);
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((word) => typeof word === "string");
}

/** Words of a command line, redacted together, since the word before says whether one is secret (`--password`, `x`). */
function shownWords(words: readonly string[]): string[] {
  const alone = words.map((word) => redact(word));
  try {
    const together: unknown = JSON.parse(redact(JSON.stringify(alone)));
    return isWords(together) && together.length === words.length ? together : alone;
  } catch {
    // What was masked held the end of a word.
    return alone;
  }
}
