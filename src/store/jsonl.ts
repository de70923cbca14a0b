import { isObject } from "../base/json.ts";
import { rowText, withFullName } from "../core/host-fields.ts";
import { appendLines } from "./files.ts";
import { linesBackwards, linesOf } from "./follow/lines.ts";

/** Rows of a JSON-lines file, oldest first; unreadable lines are passed over. */
export function rowsOf(path: string): Record<string, unknown>[] {
  return linesOf(path)
    .map(({ text }) => parseRow(text))
    .filter((row) => row !== null);
}

/** Rows of a JSON-lines file, newest first; unreadable lines are passed over. */
export function* rowsBackwards(path: string): Generator<Record<string, unknown>> {
  for (const { text } of linesBackwards(path)) {
    const row = parseRow(text);
    if (row) yield row;
  }
}

/** Appends rows durably, one ASCII line each; mends a torn last line. A caller that reads before it writes holds the file's lock. */
export function appendRows(path: string, rows: readonly object[], options: { readonly sync?: boolean } = {}): void {
  if (rows.length > 0) appendLines(path, rows.map(rowText), options);
}

/** The JSON object in a line, or null. */
export function parseRow(text: string): Record<string, unknown> | null {
  try {
    const row: unknown = JSON.parse(text);
    return isObject(row) ? withFullName(row) : null;
  } catch {
    return null;
  }
}
