import { isObject } from "../base/json.ts";
import type { Provider, ProviderRequest } from "./provider.ts";
import { putVariables } from "./variables.ts";

const STATUSES = [
  "waiting",
  "running",
  "succeeded",
  "failed",
  "cancelled",
  "blocked",
  "superseded",
  "skipped",
  "unknown",
];
const KEYS = [
  "name title waits checked base headers basic env params detect refs label onGitHub find request root values problem missing",
  "state states rules otherwise progress reason url startedAt endedAt evidence settle",
].flatMap((line) => line.split(" "));

/**
 * Checks a provider that is given as data and returns it.
 *
 * @throws {TypeError} one line naming the provider and what is wrong.
 */
export function defineProvider<P extends Provider>(provider: P): P {
  const problem = problemOf(provider);
  if (problem) throw new TypeError(`Cannot define provider "${String(provider?.name)}": ${problem}`);
  return provider;
}

function problemOf(provider: Provider): string | undefined {
  if (!isObject(provider)) return "wanted an object";
  const unknown = Object.keys(provider).find((key) => !KEYS.includes(key));
  if (unknown) return `"${unknown}" is no key of a provider`;
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(provider.name)) return "wanted a kebab-case name";
  if (provider.waits !== "deploy" && provider.waits !== "index-sync")
    return 'wanted "waits" to be "deploy" or "index-sync"';
  for (const key of ["title", "checked"] as const) {
    if (typeof provider[key] !== "string" || !provider[key]) return `wanted a text as "${key}"`;
  }
  return (
    requestProblem("request", provider.request, provider) ??
    (provider.find && requestProblem("find.request", provider.find.request, provider)) ??
    statesProblem(provider) ??
    expressionProblem(provider) ??
    headersProblem(provider)
  );
}

function requestProblem(key: string, request: ProviderRequest | undefined, provider: Provider): string | undefined {
  if (!isObject(request)) return `wanted "${key}" with a path, or with a program to run`;
  if ("run" in request)
    return Array.isArray(request.run) && request.run.length > 0 ? undefined : `wanted "${key}.run" as a list`;
  if (typeof request.path !== "string") return `wanted a text as "${key}.path"`;
  if (!provider.base && !provider.refs) return 'wanted "base", or "refs" that are URLs';
  if (provider.base && !/^https?:\/\/|^\{/.test(provider.base.url)) return `"base.url" is no http or https URL`;
  return /\{env:/.test(JSON.stringify(request))
    ? `"${key}" holds a variable: credentials go into "headers" only`
    : undefined;
}

function statesProblem(provider: Provider): string | undefined {
  const used = [
    ...Object.keys(provider.states ?? {}),
    ...(provider.rules ?? []).map((rule) => rule.is),
    provider.otherwise,
    provider.missing,
  ];
  const wrong = used.find((status) => status !== undefined && !STATUSES.includes(status));
  if (wrong) return `"${wrong}" is no status: wanted one of ${STATUSES.join(", ")}`;
  const ends = used.includes("succeeded");
  if (!ends) return "nothing in it means succeeded";
  if (provider.states && provider.state === undefined) return 'wanted "state", since there are "states"';
  for (const [status, values] of Object.entries(provider.states ?? {})) {
    if (!Array.isArray(values)) return `wanted a list as "states.${status}"`;
  }
  const values = Object.values(provider.states ?? {}).flatMap((list) => list.map(String));
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  return twice === undefined ? undefined : `the state "${twice}" is in two lists`;
}

function expressionProblem(provider: Provider): string | undefined {
  const expressions = [
    ...(provider.refs ?? []),
    ...Object.values(provider.params ?? {}).flatMap((parameter) => (parameter.files ?? []).map((file) => file.match)),
    ...(provider.rules ?? []).flatMap((rule) => rule.when.flatMap((one) => one.matches ?? [])),
  ];
  for (const expression of expressions) {
    try {
      new RegExp(expression);
    } catch {
      return `"${expression}" is no regular expression`;
    }
  }
  return undefined;
}

function headersProblem(provider: Provider): string | undefined {
  const broken = Object.entries(provider.headers ?? {}).find(
    ([, value]) => typeof value !== "string" || putVariables(value, () => "").includes("{env:"),
  );
  return broken && `the header "${broken[0]}" is no text with variables as {env:NAME}`;
}
