import { Buffer } from "node:buffer";
import { outsidePattern } from "../base/outside-pattern.ts";
import { oneLine } from "../base/text.ts";
import type { PluginContext } from "../contract/context.ts";
import { ObservationError } from "../core/observation.ts";
import type { ExecRequest, HttpRequest, Provider, ProviderRequest } from "./describe/provider.ts";
import { firstText } from "./pointer.ts";
import { missingCredential, problemError, programError, statusError } from "./refusal.ts";
import { fill, fillJson, missingIn, type Values } from "./template.ts";
import { type Credentialed, putVariables, variablesIn } from "./variables.ts";

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
function urlOf(provider: Provider, request: HttpRequest, values: Values, env: Asker["env"]): string {
  const base =
    values.base ?? (provider.base?.env ? env[provider.base.env]?.trim() : undefined) ?? provider.base?.url ?? "";
  const filled = fill(request.path, values, encodeURIComponent);
  // A path that began with anything else would go on with the host: `.evil.test`.
  const path = /^(?:[/?#]|$)/.test(filled) ? filled : `/${filled}`;
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

/**
 * The headers of a service, with its credentials.
 *
 * @throws {ObservationError} naming the variable that is missing.
 */
export function headersOf(provider: Credentialed, env: Asker["env"]): Record<string, string> {
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
  const { user: userName, password: passwordName } = provider.basic ?? {};
  const user = userName === undefined ? "" : env[userName];
  const password = passwordName === undefined ? undefined : env[passwordName];
  if (user !== undefined && (user || userName === undefined) && password && !headers.authorization) {
    headers.authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  }
  return headers;
}

async function runProgram(provider: Provider, request: ExecRequest, values: Values, context: Asker): Promise<unknown> {
  const argv = argvOf(request.run, values);
  const { cwd, env, signal } = context;
  const result = await context.exec(argv, { cwd, env, signal, timeoutMs: 30_000 });
  const absent = request.absent && outsidePattern(request.absent, "i").test(result.stdout + result.stderr);
  if (result.code === 0 ? result.stdout.trim() === "" : absent) return MISSING;
  if (result.code !== 0) throw programError(provider, argv, result);
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
