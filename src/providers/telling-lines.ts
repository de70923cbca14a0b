import { redact } from "../base/redact.ts";
import { oneLine } from "../base/text.ts";

const TELLING =
  /\b(?:error|errors|failed|failure|fatal|cannot|panic|exception|denied|not found|exit(?:ed)?(?: with)?(?: code)? [1-9])\b|ERR!/i;
const KEPT = 20;

/** The lines of a log that show what went wrong, numbered from 1, with secrets hidden. */
export function tellingLines(
  lines: readonly string[],
  secrets: readonly string[] = [],
): { line: number; text: string }[] {
  const numbered = lines
    .map((text, index) => ({ line: index + 1, text: oneLine(redact(text.slice(0, 2000), secrets), 300) }))
    .filter(({ text }) => text !== "");
  const telling = numbered.filter(({ text }) => TELLING.test(text)).slice(-KEPT);
  return telling.length > 0 ? telling : numbered.slice(-10);
}
