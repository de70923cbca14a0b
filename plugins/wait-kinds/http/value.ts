import type { FetchAnswer } from "../../../src/plugin.ts";
import type { Wanted } from "./wanted.ts";

/** The value that is compared: `null` when the answer has none there. */
export function pickValue(answer: FetchAnswer, { json, header, body }: Wanted): string | null {
  if (json !== null) return atPointer(answer.body, json);
  if (header !== null) return answer.headers[header.toLowerCase()] ?? null;
  if (body === null) return null;
  const match = body.exec(answer.body);
  return match ? (match[1] ?? match[0]) : null;
}

/** The value at a JSON pointer (RFC 6901) as text; objects and lists as JSON. */
function atPointer(text: string, pointer: string): string | null {
  let here: unknown;
  try {
    here = JSON.parse(text);
  } catch {
    return null;
  }
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return null;
    here = (here as Record<string, unknown>)[name];
  }
  return typeof here === "string" ? here : (JSON.stringify(here) ?? null);
}
