import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/**
 * Hands each line of `stream` to `onLine`; calls `onFlood` once, and nothing more, when it is more than `maxBytes`. A last line
 * without its newline counts too.
 */
export function readLines(
  stream: Readable,
  maxBytes: number,
  onLine: (line: string) => void,
  onFlood: () => void,
): void {
  const decoder = new StringDecoder("utf8");
  // Join the chunks of a long line only once.
  let begun: string[] = [];
  let size = 0;
  const take = (text: string) => {
    const lines = text.split("\n");
    begun.push(lines[0] ?? "");
    if (lines.length === 1) return;
    const whole = [begun.join(""), ...lines.slice(1, -1)];
    begun = [lines.at(-1) ?? ""];
    for (const line of whole) if (line.trim()) onLine(line);
  };
  stream.on("data", (chunk: Buffer) => {
    if (size > maxBytes) return;
    size += chunk.length;
    if (size <= maxBytes) take(decoder.write(chunk));
    else {
      begun = [];
      onFlood();
    }
  });
  stream.on("end", () => {
    if (size <= maxBytes) take(`${decoder.end()}\n`);
  });
  stream.on("error", () => {}); // The exit handler reports it.
}
