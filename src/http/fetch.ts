import type { FetchAnswer, FetchInit } from "../contract/context.ts";
import { errorCode, errorText } from "../core/errors.ts";
import { ObservationError } from "../core/observation.ts";
import { stopAtLeaving } from "../process/leave.ts";
import type { Answer } from "./message.ts";
import { send } from "./send.ts";

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_REDIRECTS = 10;
/** Headers of p9's own, which tell another host nothing; their values are dropped there all the same. */
const PLAIN_HEADERS = ["accept", "cache-control", "user-agent"];

/**
 * Fetches with a time limit and a size limit: every request of p9 and the `fetch` of a plugin's context. Follows redirects as
 * `redirect` says, but never from https to http, and never to another origin once a header, a body or a method other than GET went
 * along: such a redirect is the answer.
 *
 * @throws {ObservationError} when no whole answer came; it names host and path, never the query or a password in the address.
 */
export async function limitedFetch(url: string, init: FetchInit = {}, signal?: AbortSignal): Promise<FetchAnswer> {
  const target = shown(url);
  const timeoutMs = init.timeoutMs ?? TIMEOUT_MS;
  // Not AbortSignal.timeout(), because Deno would not exit before it ends.
  const controller = new AbortController();
  const late = controller.signal;
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  const ended = stopAtLeaving(() => controller.abort());
  try {
    const { answer, followed } = await follow(url, init, signal ? AbortSignal.any([late, signal]) : late);
    const body = await readBody(answer, init.maxBytes ?? MAX_BYTES, target);
    return { status: answer.status, headers: answer.headers, body, ...(followed ? { url: shown(followed) } : {}) };
  } catch (error) {
    if (error instanceof ObservationError) throw error;
    if (late.aborted) throw new ObservationError(`Cannot reach ${target}: no answer within ${timeoutMs / 1000} s`);
    throw new ObservationError(`Cannot reach ${target}: ${why(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    ended();
  }
}

/** Follows redirects; returns the last answer, and its address when there were any. */
async function follow(url: string, { redirect = "follow", privateHosts, ...init }: FetchInit, signal: AbortSignal) {
  const leaves = redirect === "follow" && !carriesAny(init);
  let { method = "GET", headers, body } = init;
  let may = privateHosts;
  let from = new URL(url);
  for (let count = 0; ; count += 1) {
    const answer = await send(from, { method, headers, body, signal, privateHosts: may });
    const to = redirect === "manual" ? null : redirectOf(answer, from);
    if (to === null || (to.origin !== from.origin && !(leaves && !isDowngrade(from, to)))) {
      return { answer, followed: count > 0 ? from.href : null };
    }
    await answer.drop();
    if (count === MAX_REDIRECTS) throw new Error(`more than ${MAX_REDIRECTS} redirects`);
    // What was shown to somebody was the first address, and not where it leads.
    if (to.origin !== from.origin) [headers, may] = [undefined, may && []];
    // As browsers do: 303, and in practice 301 and 302, turn a form request into a GET.
    if (answer.status < 307 && method !== "HEAD") [method, body] = ["GET", undefined];
    from = to;
  }
}

/** Whether anything of the user's goes along with a request. */
function carriesAny({ method = "GET", headers = {}, body }: FetchInit): boolean {
  const plain = Object.keys(headers).every((name) => PLAIN_HEADERS.includes(name.toLowerCase()));
  return body !== undefined || !plain || !/^(?:GET|HEAD)$/i.test(method);
}

const isDowngrade = (from: URL, to: URL) => from.protocol === "https:" && to.protocol !== "https:";

/** Where an answer redirects to, or null when it does not. */
function redirectOf({ status, headers }: Answer, from: URL): URL | null {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || !URL.canParse(location, from.href))
    return null;
  const to = new URL(location, from);
  return to.protocol === "http:" || to.protocol === "https:" ? to : null;
}

async function readBody(answer: Answer, maxBytes: number, target: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new ObservationError(`Cannot read the answer of ${target}: it is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const isPacked = body[0] === 0x1f && body[1] === 0x8b;
  return (isPacked ? await unpacked(body, maxBytes, target) : body).toString("utf8");
}

/** What a server gave as gzip without saying so, or although nobody asked for it. */
async function unpacked(body: Buffer, maxBytes: number, target: string): Promise<Buffer> {
  const { gunzip } = await import("node:zlib");
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: maxBytes }, (error, plain) => {
      if (!error) return resolve(plain);
      const why =
        errorCode(error) === "ERR_BUFFER_TOO_LARGE" ? `it is larger than ${maxBytes} bytes` : "its gzip is broken";
      reject(new ObservationError(`Cannot read the answer of ${target}: ${why}`));
    });
  });
}

/** The part of an address that may be shown. */
function shown(url: string): string {
  if (!URL.canParse(url)) throw new ObservationError("Cannot fetch: the address is no URL");
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** The cause of a failed fetch (ECONNREFUSED, a certificate), since `fetch failed` names none. */
function why(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return errorCode(cause) ?? (cause === undefined ? errorText(error) : errorText(cause));
}
