import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Limits of {@link readLines}. */
export interface LineLimits {
  readonly maxLineBytes: number;
  readonly maxBytes: number;
}

/** Hands each line of `stream` to `onLine`; calls `onFlood` once, and nothing more, when a limit is passed. */
export function readLines(
  stream: Readable,
  limits: LineLimits,
  onLine: (line: string) => void,
  onFlood: () => void,
): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let size = 0;
  let flooded = false;
  const take = (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim()) onLine(line);
  };
  stream.on("data", (chunk: Buffer) => {
    if (flooded) return;
    size += chunk.length;
    if (size > limits.maxBytes || rest.length + chunk.length > limits.maxLineBytes) {
      flooded = true;
      rest = "";
      onFlood();
    } else take(decoder.write(chunk));
  });
  stream.on("end", () => {
    if (!flooded) take(`${decoder.end()}\n`);
  });
  stream.on("error", () => {}); // The process is over: its end says all there is to say.
}
