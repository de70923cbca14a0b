import type { FetchAnswer } from "../../../src/plugin.ts";
import { reach } from "../../../src/provider.ts";
import type { Wanted } from "./wanted.ts";

/** The value that is compared: `null` when the answer has none there. */
export function pickValue(answer: FetchAnswer, { pointer, header, body }: Wanted): string | null {
  if (pointer !== null) return atPointer(answer.body, pointer);
  if (header !== null) return answer.headers[header.toLowerCase()] ?? null;
  if (body === null) return null;
  const match = body.exec(answer.body);
  return match ? (match[1] ?? match[0]) : null;
}

/** The first value at a JSON pointer as text; objects and lists as JSON. */
function atPointer(text: string, pointer: string): string | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const [value] = reach(document, pointer);
  return typeof value === "string" ? value : (JSON.stringify(value) ?? null);
}
