import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { redact } from "../../base/redact.ts";
import { openRegular } from "../../base/small-file.ts";
import { stripControls } from "../../base/text.ts";

/** A larger log stays as it is: reading it would hold up the watch. */
const LARGEST = 32 * 1024 * 1024;
const PIECE = 1024 * 1024;

/**
 * Hides the secrets in the log of a command that has ended. The command itself writes it, so that it survives p9; afterwards it is only
 * read. A log without secrets stays the same file.
 *
 * @param known values that are secret whatever they look like
 */
export async function hideSecretsIn(path: string, known: readonly string[]): Promise<void> {
  const temp = `${path}.${process.pid}.tmp`;
  let source: number | undefined;
  let target: number | undefined;
  try {
    source = openRegular(path);
    if (fstatSync(source).size > LARGEST) return;
    target = openSync(temp, "wx", 0o600);
    let hidden = false;
    for (const text of piecesOf(source)) {
      const safe = redact(text, known);
      // Colours stay where nothing is hidden.
      const hides = safe !== stripControls(text);
      hidden ||= hides;
      writeAll(target, hides ? safe : text);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (hidden) renameSync(temp, path);
  } catch {
    // The log is gone, or the disk is full: what shows it hides secrets, too.
  } finally {
    for (const fd of [source, target]) if (fd !== undefined) closeSync(fd);
    rmSync(temp, { force: true });
  }
}

/** The file in pieces that end with a line, where lines are shorter than a piece. */
function* piecesOf(fd: number): Generator<string> {
  const data = Buffer.alloc(PIECE);
  let rest = Buffer.alloc(0);
  for (let read = readSync(fd, data); read > 0; read = readSync(fd, data)) {
    const all = Buffer.concat([rest, data.subarray(0, read)]);
    const end = all.lastIndexOf(10) + 1 || (all.length > PIECE ? all.length : 0);
    if (end > 0) yield all.toString("utf8", 0, end);
    rest = all.subarray(end);
  }
  if (rest.length > 0) yield rest.toString("utf8");
}

function writeAll(fd: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
}
