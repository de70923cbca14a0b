import { type DeliverContext, type FetchAnswer, ObservationError, oneLine } from "../../src/plugin.ts";

/** A text option, or its default. */
export function textOption(context: DeliverContext, name: string, fallback: string): string {
  const value = context.options[name];
  return typeof value === "string" && value !== "" ? value : fallback;
}

/**
 * A secret option: the value itself, or `env:NAME` for the value of a variable.
 *
 * @throws {ObservationError} naming the variable when it is not set: it may be in another environment.
 */
export function secretOption(context: DeliverContext, name: string): string | undefined {
  const value = textOption(context, name, "");
  return value === "" ? undefined : resolveSecret(value, context);
}

/** The value of `env:NAME`, or the text itself. */
export function resolveSecret(value: string, context: DeliverContext): string {
  const variable = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(value)?.[1];
  if (!variable) return value;
  const found = context.env[variable];
  if (!found) {
    throw new ObservationError(`Cannot deliver: the variable "${variable}" is not set`, {
      needs: variable,
      lasting: true,
    });
  }
  return found;
}

/**
 * Checks that an answer accepted the message.
 *
 * @throws {ObservationError} when another try may work (408, 425, 429, 5xx), {Error} when it will not.
 */
export function checkAnswer(who: string, answer: FetchAnswer): void {
  if (answer.status >= 200 && answer.status < 300) return;
  if (answer.status >= 300 && answer.status < 400) {
    // Not followed: a redirect would turn the POST into a GET and send the token to another host.
    throw new Error(
      `${who} answered with a redirect to "${oneLine(answer.headers.location ?? "", 120)}": set that address`,
    );
  }
  const said = `${who} answered HTTP ${answer.status}: ${oneLine(answer.body, 160) || "no text"}`;
  if (answer.status >= 500 || [408, 425, 429].includes(answer.status)) {
    const after = Number(answer.headers["retry-after"]);
    throw new ObservationError(said, after > 0 ? { retryAfterS: after } : {});
  }
  throw new Error(said);
}

/** `text` clipped to so many bytes of UTF-8, between characters, with an ellipsis. */
export function utf8Clip(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes - 3;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${new TextDecoder().decode(bytes.subarray(0, end))}…`;
}
