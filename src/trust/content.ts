import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { readSmallFile } from "../base/small-file.ts";
import { errorCode } from "../core/errors.ts";

/** A larger file can be shown to nobody, and so cannot be trusted. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Files below `root` that a command line names: their text is part of what is trusted. */
export function namedFiles(root: string, command: string): string[] {
  const words = command
    .split(/[\s;&|()<>"'=]+/)
    .filter(
      (word) => /^[\w./@-]{2,200}$/.test(word) && /[./]/.test(word) && !word.startsWith("/") && !word.includes(".."),
    );
  return words.filter((word) => statSync(join(root, word), { throwIfNoEntry: false })?.isFile() === true);
}

/** The content that trust in a command covers: its text and that of the files below `root` that it names. */
export function commandContent(root: string, command: string): string {
  return [command, ...namedFiles(root, command).map((file) => fileContent(root, file))].join("\n");
}

/** A file's part of what is trusted; a file that cannot be read has no text. */
export function fileContent(root: string, file: string): string {
  let text = "";
  try {
    text = readSmallFile(join(root, file), MAX_BYTES);
  } catch (error) {
    // A missing file has no text for the command either; any other is never what was trusted.
    if (!["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "")) text = `cannot be read (${randomUUID()})`;
  }
  return `${file}:\n${text}`;
}
