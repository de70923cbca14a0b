import type { FetchAnswer, FetchInit } from "../../contract/context.ts";
import { errorCode, errorText } from "../../core/errors.ts";
import { ObservationError } from "../../core/observation.ts";
import { stopAtLeaving } from "../../process/leave.ts";

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * HTTP with a time limit and a size limit: the `fetch` of a plugin's context.
 *
 * @throws {ObservationError} when no whole answer came; it names host and path, never the query or a password in the address.
 */
export async function limitedFetch(url: string, init: FetchInit = {}, signal?: AbortSignal): Promise<FetchAnswer> {
  const target = address(url);
  const timeoutMs = init.timeoutMs ?? TIMEOUT_MS;
  // A timer of its own and not AbortSignal.timeout(): Deno would not leave before that one is over.
  const controller = new AbortController();
  const late = controller.signal;
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  const ended = stopAtLeaving(() => controller.abort());
  try {
    const answer = await fetch(url, {
      method: init.method,
      headers: init.headers,
      body: init.body,
      redirect: init.redirect ?? "follow",
      signal: signal ? AbortSignal.any([late, signal]) : late,
    });
    const body = await readBody(answer, init.maxBytes ?? MAX_BYTES, target);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body };
  } catch (error) {
    if (error instanceof ObservationError) throw error;
    if (late.aborted) throw new ObservationError(`Cannot reach ${target}: no answer within ${timeoutMs / 1000} s`);
    throw new ObservationError(`Cannot reach ${target}: ${why(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    ended();
  }
}

async function readBody(answer: Response, maxBytes: number, target: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new ObservationError(`Cannot read the answer of ${target}: it is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function address(url: string): string {
  if (!URL.canParse(url)) throw new ObservationError("Cannot fetch: the address is no URL");
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** `fetch failed` says nothing: its cause (ECONNREFUSED, a certificate's problem) does. */
function why(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return errorCode(cause) ?? (cause === undefined ? errorText(error) : errorText(cause));
}
