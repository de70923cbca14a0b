import { readFileSync } from "node:fs";
import { errorCode } from "../core/errors.ts";

const NEWLINE = 0x0a;

/** A file as bytes; a missing one is empty. */
export function rawFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

/** The complete lines that hold `needle`, oldest first. Searches bytes: nothing else of a long log becomes text. */
export function linesWith(data: Buffer, needle: string): string[] {
  const lines: string[] = [];
  for (let at = data.indexOf(needle); at >= 0; ) {
    const start = data.lastIndexOf(NEWLINE, at) + 1;
    const end = data.indexOf(NEWLINE, at);
    if (end < 0) break;
    lines.push(data.toString("utf8", start, end));
    at = data.indexOf(needle, end);
  }
  return lines;
}
