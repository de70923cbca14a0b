import { closeSync, fstatSync, readSync } from "node:fs";
import { openRegular } from "../../base/small-file.ts";

/**
 * The last `maxBytes` of a file as text, from the first whole line on, if there is one; what lies before is not read. Empty when
 * the file cannot be read.
 */
export function fileEnd(path: string, maxBytes: number): string {
  try {
    const fd = openRegular(path);
    try {
      const { size } = fstatSync(fd);
      const start = Math.max(0, size - maxBytes);
      const text = readAt(fd, start, size - start).toString("utf8");
      return start === 0 ? text : fromWholeLine(text);
    } finally {
      closeSync(fd);
    }
  } catch {
    return "";
  }
}

/** Drops the first, partial line, or the partial word of a text without lines, because redaction would miss a secret that was cut. */
function fromWholeLine(text: string): string {
  const whole = text.slice(text.search(/[\r\n]/) + 1);
  if (whole.trim() !== "") return whole;
  const words = text.replace(/^\S{1,4096}/, "");
  return words.trim() === "" ? text : words;
}

function readAt(fd: number, start: number, length: number): Buffer {
  const data = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const read = readSync(fd, data, done, length - done, start + done);
    if (read === 0) break;
    done += read;
  }
  return data.subarray(0, done);
}
