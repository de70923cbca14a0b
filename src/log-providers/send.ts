import { oneLine } from "../base/text.ts";
import type { FetchAnswer, FetchInit, PluginContext } from "../contract/context.ts";
import { ObservationError } from "../core/observation.ts";
import type { HttpRequest } from "../providers/describe/provider.ts";
import { statusError } from "../providers/refusal.ts";
import { headersOf } from "../providers/request.ts";
import { fillJson, type Values } from "../providers/template.ts";
import { credentialNames } from "../providers/variables.ts";
import type { LogProvider } from "./describe/log-provider.ts";
import { addressAt } from "./place.ts";

/** What asking needs. */
export type LogAsker = Pick<PluginContext, "fetch" | "env" | "clock">;

/** A server of a provider, and what asks it. Credentials go to its base and nowhere else. */
export interface Server {
  readonly provider: LogProvider;
  readonly base: URL;
  readonly context: LogAsker;
}

/** Bytes of a log that are kept, from its end. */
export const MAX_KEPT = 2 * 1024 * 1024;
const MAX_TEXT = 64 * 1024 * 1024;
/** Of a log that is a JSON document, which takes a multiple of it in memory. */
const MAX_TEXT_DOCUMENT = 32 * 1024 * 1024;
const TEXT_TIMEOUT_MS = 30_000;

/** Nothing is there (HTTP 404). */
export const ABSENT = Symbol("absent");

/** How much an answer may hold and how long it may take. Default: as any request. */
type Limits = Pick<FetchInit, "timeoutMs" | "maxBytes">;

const OF_TEXT: Limits = { timeoutMs: TEXT_TIMEOUT_MS, maxBytes: MAX_TEXT };
/** Of a document that holds a log. */
export const OF_LOG_DOCUMENT: Limits = { timeoutMs: TEXT_TIMEOUT_MS, maxBytes: MAX_TEXT_DOCUMENT };

/** A JSON document with the headers that came with it, or {@link ABSENT}. @throws {ObservationError} */
export async function askDocument(
  server: Server,
  request: HttpRequest,
  values: Values,
  query: Readonly<Record<string, string>> = {},
  limits: Limits = {},
): Promise<{ readonly document: unknown; readonly headers: FetchAnswer["headers"] } | typeof ABSENT> {
  const address = addressAt(server.base, request.path, { ...request.query, ...query }, values);
  return read(server, await send(server, address, "application/json", { request, values, limits }), request.format);
}

/** A further  page of a document, which must lie on the provider's own server. */
export async function askFurther(server: Server, address: string, format: HttpRequest["format"]) {
  const url = URL.canParse(address, server.base.href) ? new URL(address, server.base.href) : null;
  if (url?.origin !== server.base.origin || url.username || url.password)
    throw new ObservationError(`${server.provider.title} names a next page on another server`);
  return read(server, await send(server, url.href, "application/json"), format);
}

function read(server: Server, answer: FetchAnswer | null, format: HttpRequest["format"]) {
  if (answer === null) return ABSENT;
  return { document: parse(server, answer, format), headers: answer.headers };
}

/** A text, or its end; {@link ABSENT} when there is none. @throws {ObservationError} */
export async function askText(
  server: Server,
  request: HttpRequest,
  values: Values,
  tail: boolean,
): Promise<string | typeof ABSENT> {
  const address = addressAt(server.base, request.path, request.query, values);
  const answer = await send(server, address, "text/plain", { tail, request, values, limits: OF_TEXT });
  const stored = answer === null ? null : storedAt(answer, address);
  if (stored) return askAnywhere(server, stored, tail);
  return answer === null ? ABSENT : plainText(server, answer);
}

/** Where a server keeps a log elsewhere, as it does with a signed address; null when it gave the log itself. */
function storedAt({ status, headers }: FetchAnswer, from: string): string | null {
  if (status < 300 || status >= 400 || !headers.location) return null;
  return URL.canParse(headers.location, from) ? new URL(headers.location, from).href : null;
}

/**
 * A text at an address that an answer named: asked without credentials, and only on the public internet, unless the provider's own
 * server is not there either.
 */
export async function askAnywhere(server: Server, address: string, tail: boolean): Promise<string | typeof ABSENT> {
  const { base, context, provider } = server;
  const url = URL.canParse(address) ? new URL(address) : null;
  const isPlain = url !== null && !url.username && !url.password;
  if (!isPlain || (url.protocol !== "https:" && url.protocol !== base.protocol))
    throw new ObservationError(`${provider.title} names no https address of its log`);
  const { privateHostsIn } = await import("../base/address.ts");
  const own = privateHostsIn({ base: base.href });
  const answer = await context.fetch(url.href, {
    headers: { accept: "text/plain, */*", ...(tail ? TAIL : {}) },
    ...OF_TEXT,
    ...(own.length > 0 ? {} : { privateHosts: [] }),
  });
  const refused = refusal(server, answer, false);
  return refused === ABSENT ? ABSENT : plainText(server, answer);
}

/** A part of it that a server compressed could not be read. */
const TAIL = { range: `bytes=-${MAX_KEPT}`, "accept-encoding": "identity" };

async function send(
  server: Server,
  address: string,
  accept: "text/plain" | "application/json",
  {
    tail = false,
    request: { method = "GET", body } = {},
    values = {},
    limits = {},
  }: {
    readonly tail?: boolean;
    readonly request?: Pick<HttpRequest, "method" | "body">;
    readonly values?: Values;
    readonly limits?: Limits;
  } = {},
): Promise<FetchAnswer | null> {
  const { provider, context } = server;
  const isText = accept === "text/plain";
  const answer = await context.fetch(address, {
    method,
    headers: {
      accept,
      ...(tail ? TAIL : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headersOf(provider, context.env),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(fillJson(body, values)) }),
    // What a server leads to is asked as {@link askAnywhere} does.
    redirect: "same-origin",
    ...limits,
  });
  if (isText && answer.status >= 300 && answer.status < 400 && answer.headers.location) return answer;
  return refusal(server, answer, true) === ABSENT ? null : answer;
}

/** Nothing for an answer that can be read. @throws {ObservationError} saying what is in the way. */
function refusal(server: Server, answer: FetchAnswer, withCredentials: boolean): typeof ABSENT | null {
  const { provider, context } = server;
  if (answer.status >= 200 && answer.status < 300) return null;
  // An empty log has no end to give.
  if (answer.status === 416) return null;
  if (answer.status === 404) return ABSENT;
  if (answer.status === 410) throw new ObservationError(`${provider.title} no longer has this log`);
  if (answer.status >= 300 && answer.status < 400)
    throw notShown(server, "leads to another page, as where somebody has to log in");
  const error = statusError(provider, answer, context.clock.now());
  if (withCredentials && error.lasting) throw notShown(server, error.message.slice(provider.title.length + 1));
  throw withCredentials
    ? error
    : new ObservationError(`${provider.title}'s log is at a server that answered HTTP ${answer.status}`);
}

const WEB_PAGE = /^\s*<(?:!doctype|html|head|\?xml)\b/i;

function plainText(server: Server, answer: FetchAnswer): string {
  if (answer.status === 416) return "";
  const type = answer.headers["content-type"] ?? "";
  // A log may well begin with a page that a test has fetched.
  const isPage =
    /^text\/html\b/i.test(type) || (!/^text\/plain\b/i.test(type) && WEB_PAGE.test(answer.body.slice(0, 500)));
  if (isPage) throw notShown(server, "answered with a web page instead of a log, as where somebody has to log in");
  // Of a line that is cut, a secret in it would not be known for one.
  return answer.status === 206 ? answer.body.slice(answer.body.indexOf("\n") + 1) : answer.body;
}

function parse(server: Server, answer: FetchAnswer, format: HttpRequest["format"]): unknown {
  const { body } = answer;
  if (format === "text") return plainText(server, answer).split("\n");
  try {
    if (format !== "ndjson") return JSON.parse(body);
    return body.split("\n").flatMap((line) => (line.trim() === "" ? [] : [JSON.parse(line)]));
  } catch {
    if (WEB_PAGE.test(body.slice(0, 500)))
      throw notShown(server, "answered with a web page instead of JSON, as where somebody has to log in");
    const start = oneLine(body.slice(0, 200), 60);
    throw new ObservationError(`Cannot read the answer of ${server.provider.title}: it is no JSON: "${start}"`);
  }
}

/** The error for what a server does not show, naming the variables that may help. */
export function notShown({ provider, context }: Pick<Server, "provider" | "context">, how: string): ObservationError {
  const names = credentialNames(provider);
  const text = `${provider.title} ${how}`;
  if (names.length === 0) return new ObservationError(text);
  const quoted = names.map((name) => `"${name}"`).join(" and ");
  const isSet = names.every((name) => context.env[name]?.trim());
  return new ObservationError(`${text}: ${isSet ? `${quoted} may not see it` : `set ${quoted}`}`, {
    needs: isSet ? `${quoted} that ${provider.title} accepts` : `the variable ${quoted}`,
    lasting: true,
  });
}
