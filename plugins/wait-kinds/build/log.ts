import { type Evidence, fileEnd } from "../../../src/plugin.ts";

const TAIL_BYTES = 64 * 1024;
const EVIDENCE_LINES = 15;

/** The end of a log, as text; empty when it cannot be read, or is a pipe. */
export function readTail(path: string): string {
  return fileEnd(path, TAIL_BYTES);
}

/** The last non-empty lines of a log. */
export function lastLines(path: string): readonly Evidence[] {
  return readTail(path)
    .split(/\r?\n|\r/)
    .filter((line) => line.trim() !== "")
    .slice(-EVIDENCE_LINES)
    .map((text) => ({ text: text.slice(0, 500) }));
}
