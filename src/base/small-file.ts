import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

const MIB = 1024 * 1024;

/**
 * Opens a file of a repository or of another program for reading. A pipe or a device at that place is refused: opening or reading
 * one may never return, and would stop everything else in the process.
 */
export function openRegular(path: string): number {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new Error("It is no regular file");
}

/**
 * The text of a file that a repository or another program holds.
 *
 * @throws the system's error, or one that says that it is no regular file, or larger than `maxBytes` (default: 1 MiB).
 */
export function readSmallFile(path: string, maxBytes = MIB): string {
  const fd = openRegular(path);
  try {
    const data = Buffer.alloc(Math.min(fstatSync(fd).size, maxBytes) + 1);
    let done = 0;
    for (let read = -1; read !== 0 && done < data.length; done += read)
      read = readSync(fd, data, done, data.length - done, null);
    if (done > maxBytes) throw new Error(`It is larger than ${sizeText(maxBytes)}`);
    return data.toString("utf8", 0, done);
  } finally {
    closeSync(fd);
  }
}

/** A text without the byte order mark that some editors put before it. */
export function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

const sizeText = (bytes: number) => (bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / 1024} KiB`);
