import { isObject } from "../base/json.ts";
import { rowText, withFullName } from "../core/host-fields.ts";
import { appendLines } from "./files.ts";
import { linesBackwards, linesFrom } from "./lines.ts";

/** The rows of a JSON-lines file from a place on. */
export interface NewRows {
  readonly rows: readonly Record<string, unknown>[];
  /** Where the next read starts. */
  readonly end: number;
  readonly inode: number;
  /** Lines that are no JSON object, by offset. */
  readonly bad: readonly number[];
}

/**
 * The rows behind byte `from`. A reader that remembers `end` and `inode` folds only what is new; with another inode, or a file
 * shorter than `end`, it starts again from 0.
 */
export function rowsFrom(path: string, from = 0): NewRows {
  const { lines, end, inode } = linesFrom(path, from);
  const rows: Record<string, unknown>[] = [];
  const bad: number[] = [];
  for (const { text, offset } of lines) {
    const row = parseRow(text);
    if (row) rows.push(row);
    else bad.push(offset);
  }
  return { rows, end, inode, bad };
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

function parseRow(text: string): Record<string, unknown> | null {
  try {
    const row: unknown = JSON.parse(text);
    return isObject(row) ? withFullName(row) : null;
  } catch {
    return null;
  }
}
