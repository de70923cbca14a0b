import type * as z from "zod/mini";
import { isObject } from "../base/json.ts";
import { rowText, withFullName } from "../core/host-fields.ts";
import { appendLines } from "./files.ts";
import { linesBackwards, linesOf } from "./follow/lines.ts";

/** Rows of a JSON-lines file, oldest first; unreadable lines are passed over. */
export function* rowsOf(path: string): Generator<Record<string, unknown>> {
  for (const { text } of linesOf(path)) {
    const row = parseRow(text);
    if (row) yield row;
  }
}

/** Rows of a JSON-lines file, newest first; unreadable lines are passed over. */
export function* rowsBackwards(path: string): Generator<Record<string, unknown>> {
  for (const { text } of linesBackwards(path)) {
    const row = parseRow(text);
    if (row) yield row;
  }
}

/** Rows of a JSON-lines file that fit a schema, newest first; all else is passed over. */
export function* rowsThatFit<Row>(path: string, schema: z.ZodMiniType<Row>): Generator<Row> {
  for (const raw of rowsBackwards(path)) {
    const row = schema.safeParse(raw);
    if (row.success) yield row.data;
  }
}

/** The rows of each id, in the order they come. Of rows that come newest first, the first of an id says how it stands. */
export function groupRows<Row>(rows: Iterable<Row>, idOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(idOf(row));
    if (group) group.push(row);
    else groups.set(idOf(row), [row]);
  }
  return groups;
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
