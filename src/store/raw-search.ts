import { readFileSync } from "node:fs";
import { errorCode } from "../errors.ts";

const NEWLINE = 0x0a;

/** The complete lines of a file that hold `needle`, oldest first. Searches raw bytes: nothing else of a long log is read. */
export function linesWith(path: string, needle: string): string[] {
  let data: Buffer;
  try {
    data = readFileSync(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
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
