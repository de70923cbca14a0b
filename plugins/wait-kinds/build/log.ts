import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Evidence } from "../../../src/plugin.ts";

const TAIL_BYTES = 64 * 1024;
const EVIDENCE_LINES = 15;

/** The end of a log, as text; empty when it cannot be read. */
export function readTail(path: string, bytes = TAIL_BYTES): string {
  try {
    const fd = openSync(path, "r");
    try {
      const { size } = fstatSync(fd);
      const data = Buffer.alloc(Math.min(size, bytes));
      readSync(fd, data, 0, data.length, size - data.length);
      return data.toString("utf8");
    } finally {
      closeSync(fd);
    }
  } catch {
    return "";
  }
}

/** The last non-empty lines of a log. */
export function lastLines(path: string): readonly Evidence[] {
  return readTail(path)
    .split(/\r?\n|\r/)
    .filter((line) => line.trim() !== "")
    .slice(-EVIDENCE_LINES)
    .map((text) => ({ text: text.slice(0, 500) }));
}
