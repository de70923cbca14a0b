import { oneLine } from "../core/text.ts";
import { type FetchAnswer, ObservationError, type PluginContext } from "../plugin.ts";
import { firstText } from "./pointer.ts";
import type { ExecRequest, HttpRequest, Provider, ProviderRequest } from "./provider.ts";
import { fill, fillJson, missingIn, type Values } from "./template.ts";
import { credentialNames, putVariables, variablesIn } from "./variables.ts";

/** What asking needs: `signal`, `fetch`, `exec`, `env`, `clock`, `cwd`. */
export type Asker = Pick<PluginContext, "fetch" | "exec" | "env" | "clock" | "cwd" | "signal">;

/** The service does not know the target (HTTP 404). */
export const MISSING = Symbol("missing");

/**
 * Asks a provider once: the document, or {@link MISSING}.
 *
 * @throws {ObservationError} for everything that says nothing about the target: no credentials, refused, rate limit, 5xx, no JSON.
 */
export async function ask(
  provider: Provider,
  request: ProviderRequest,
  values: Values,
  context: Asker,
): Promise<unknown> {
  const document =
    "run" in request
      ? await runProgram(provider, request, values, context)
      : await send(provider, request, values, context);
  if (document === MISSING) return MISSING;
  const problem = firstText(document, provider.problem);
  if (problem) throw problemError(provider, problem);
  return document;
}

/** The URL of a request; the reference or policy may overrule the base. */
export function urlOf(provider: Provider, request: HttpRequest, values: Values, env: Asker["env"]): string {
  const base =
    values.base ?? (provider.base?.env ? env[provider.base.env]?.trim() : undefined) ?? provider.base?.url ?? "";
  const path = fill(request.path, values, encodeURIComponent);
  const query = Object.entries(request.query ?? {})
    .filter(([, template]) => missingIn(template, values).length === 0)
    .map(([name, template]) => `${encodeURIComponent(name)}=${encodeURIComponent(fill(template, values))}`);
  const url = fill(base, values, encodeURIComponent).replace(/\/+$/, "") + path;
  return query.length === 0 ? url : `${url}${url.includes("?") ? "&" : "?"}${query.join("&")}`;
}

async function send(provider: Provider, request: HttpRequest, values: Values, context: Asker): Promise<unknown> {
  const answer = await context.fetch(urlOf(provider, request, values, context.env), {
    method: request.method ?? "GET",
    headers: {
      accept: request.format === "text" ? "text/plain" : "application/json",
      ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      ...headersOf(provider, context.env),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(fillJson(request.body, values)) }),
  });
  if (answer.status === 404) return MISSING;
  if (answer.status >= 200 && answer.status < 300) return parse(provider, answer.body, request.format);
  throw statusError(provider, answer, context.clock.now());
}

function headersOf(provider: Provider, env: Asker["env"]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(provider.headers ?? {})) {
    if (variablesIn(template).some((variable) => variable.optional && !env[variable.name]?.trim())) continue;
    headers[name] = putVariables(template, (variable) => {
      const credential = env[variable]?.trim();
      if (!credential) throw missingCredential(provider, variable);
      if (/[\r\n]/.test(credential)) throw missingCredential(provider, variable, "holds more than one line");
      return credential;
    });
  }
  return headers;
}

async function runProgram(provider: Provider, request: ExecRequest, values: Values, context: Asker): Promise<unknown> {
  const argv = argvOf(request.run, values);
  const result = await context.exec(argv, {
    cwd: context.cwd,
    env: context.env,
    timeoutMs: 30_000,
    signal: context.signal,
  });
  const name = `"${argv.slice(0, 2).join(" ")}"`;
  if (result.notFound) {
    throw new ObservationError(`Cannot ask ${provider.title}: the program "${argv[0]}" does not exist`, {
      needs: `the program "${argv[0]}"`,
      lasting: true,
    });
  }
  if (result.timedOut) throw new ObservationError(`Cannot ask ${provider.title}: ${name} did not end within 30s`);
  if (result.code !== 0) {
    const said = oneLine(result.stderr || result.stdout, 200);
    const refused = /unauthori[sz]ed|not logged in|log in|no access token|forbidden/i.test(said);
    throw new ObservationError(
      `Cannot ask ${provider.title}: ${name} ended with ${result.code ?? result.signal}: ${said}`,
      {
        ...(refused ? { needs: `a login for "${argv[0]}"`, lasting: true } : {}),
      },
    );
  }
  return parse(provider, result.stdout, request.format);
}

/** An argument whose value is unknown is left out together with the flag before it. */
function argvOf(templates: readonly string[], values: Values): string[] {
  const argv: string[] = [];
  for (const template of templates) {
    if (missingIn(template, values).length === 0) argv.push(fill(template, values));
    else if (argv.at(-1)?.startsWith("-")) argv.pop();
  }
  return argv;
}

function parse(provider: Provider, body: string, format: HttpRequest["format"]): unknown {
  if (format === "text") return body.split("\n");
  try {
    if (format !== "ndjson") return JSON.parse(body);
    return body
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line));
  } catch {
    throw new ObservationError(`Cannot read the answer of ${provider.title}: it is no JSON: "${oneLine(body, 80)}"`);
  }
}

function statusError(provider: Provider, answer: FetchAnswer, now: number): ObservationError {
  const retryAfterS = retryAfter(answer.headers, now);
  const said = saying(answer.body);
  const text = `${provider.title} answered HTTP ${answer.status}${said ? `: ${said}` : ""}`;
  if (answer.status === 429 || (answer.status === 403 && retryAfterS !== undefined)) {
    return new ObservationError(`${text} (rate limit)`, { retryAfterS: retryAfterS ?? 60 });
  }
  if (answer.status === 401 || answer.status === 403) {
    const names = credentialNames(provider)
      .map((name) => `"${name}"`)
      .join(" and ");
    return new ObservationError(text, {
      needs: `${names || "credentials"} that ${provider.title} accepts for this target`,
      lasting: true,
    });
  }
  return new ObservationError(text, retryAfterS === undefined ? {} : { retryAfterS });
}

/** Seconds of `retry-after` (a number or a date), else of a rate limit's reset. */
function retryAfter(headers: FetchAnswer["headers"], now: number): number | undefined {
  const asked = headers["retry-after"]?.trim();
  if (asked && /^\d+(\.\d+)?$/.test(asked)) return Number(asked);
  const until = asked ? Date.parse(asked) : Number.NaN;
  if (Number.isFinite(until)) return Math.max(1, (until - now) / 1000);
  if (headers["x-ratelimit-remaining"] !== "0") return undefined;
  const reset = Number(headers["x-ratelimit-reset"]);
  return Number.isFinite(reset) && reset > 0 ? Math.max(1, reset - now / 1000) : undefined;
}

/** The message in an error's body, wherever vendors put it. */
function saying(body: string): string | undefined {
  try {
    const document: unknown = JSON.parse(body);
    const found = ["/message", "/error/message", "/errors/0/message", "/error", "/error/reason"].map((pointer) =>
      firstText(document, pointer),
    );
    const text = found.find((one) => one !== undefined);
    return text === undefined ? undefined : oneLine(text, 160);
  } catch {
    return undefined;
  }
}

function problemError(provider: Provider, problem: string): ObservationError {
  const refused = /not authorized|unauthori[sz]ed|forbidden/i.test(problem);
  const needs = credentialNames(provider)
    .map((name) => `"${name}"`)
    .join(" or ");
  return new ObservationError(`${provider.title} answered: ${oneLine(problem, 160)}`, {
    ...(refused && needs ? { needs: `${needs} that ${provider.title} accepts for this target`, lasting: true } : {}),
  });
}

function missingCredential(provider: Provider, variable: string, why = "is not set"): ObservationError {
  return new ObservationError(`Cannot ask ${provider.title}: the variable "${variable}" ${why}`, {
    needs: `the variable "${variable}"`,
    lasting: true,
  });
}
