import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { errorCode } from "../core/errors.ts";

/**
 * Makes a directory, and those above it, that only the user can enter.
 *
 * Not with Node's `recursive`: where the system answers ENOENT below a directory that exists (`/proc`, some network file
 * systems), that tries again for ever.
 */
export function makeDir(path: string): void {
  if (isDirectory(path)) return;
  const above = dirname(path);
  if (above !== path) makeDir(above);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it.
    if (!isDirectory(path)) throw error;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Appends lines to a file, durably: one write, then `fdatasync`. A torn last line (a crash in mid-write) is ended by a newline
 * first and never cut.
 *
 * @throws the system's error; what reached the file then is a torn line, which the next append mends.
 */
export function appendLines(path: string, lines: readonly string[], options: { readonly sync?: boolean } = {}): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    const mend = endsInNewline(fd) ? "" : "\n";
    writeAll(fd, Buffer.from(`${mend}${lines.join("\n")}\n`));
    if (options.sync ?? true) fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Puts a log aside that has grown beyond `maxBytes`, in place of the one put aside before. Best effort. */
export function rotate(path: string, maxBytes = 1 << 20): void {
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) renameSync(path, `${path}.1`);
  } catch {
    // Another process was first.
  }
}

/** Makes durable what was appended to a file without a sync. A missing file has nothing to keep. */
export function syncFile(path: string): void {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  try {
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, data: Buffer): void {
  for (let done = 0; done < data.length; ) done += writeSync(fd, data, done);
}

function endsInNewline(fd: number): boolean {
  const { size } = fstatSync(fd);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}

/** A name beside `path` that no other process uses, in another container with the same pids neither. */
const tempBeside = (path: string) => `${path}.${randomBytes(6).toString("hex")}.tmp`;

/**
 * Writes a whole file so that readers see the old one or the new one: temp file beside it, `fsync`, rename, `fsync` of the
 * directory. `sync: false` leaves the syncs out, for what can be made again.
 */
export function replaceFile(
  path: string,
  text: string,
  options: { readonly sync?: boolean; readonly mode?: number } = {},
): void {
  const temp = tempBeside(path);
  const sync = options.sync ?? true;
  try {
    const fd = openSync(temp, "w", options.mode ?? 0o600);
    try {
      writeAll(fd, Buffer.from(text));
      if (sync) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temp, path);
  } catch (error) {
    rmSync(temp, { force: true });
    throw error;
  }
  if (sync) syncDir(dirname(path));
}

/**
 * Writes a whole file unless one with something in it exists: of processes that do it at once, the first one's text stays, and
 * nobody reads a part of it.
 */
export function makeFile(path: string, text: string): void {
  const temp = tempBeside(path);
  try {
    writeFileSync(temp, text, { mode: 0o600 });
    linkSync(temp, path);
  } catch (error) {
    const code = errorCode(error) ?? "";
    // An empty file is what a full disk left; file systems without links (exFAT, some mounts) cannot do better.
    const kept = code === "EEXIST" && statSync(path).size > 0;
    if (kept) return;
    if (!["EEXIST", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw error;
    replaceFile(path, text);
  } finally {
    rmSync(temp, { force: true });
  }
}

function syncDir(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } catch {
    // Ignored where a file system cannot sync a directory: the rename itself is atomic.
  } finally {
    closeSync(fd);
  }
}
