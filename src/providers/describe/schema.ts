/** THE FORM OF A PROVIDER AS DATA, to the last key: what `Provider` (provider.ts) promises, checked when somebody writes one. */
import * as z from "zod/mini";
import { didYouMean } from "../../base/nearest.ts";
import { putVariables } from "../variables.ts";
import { keysAt } from "./schema-keys.ts";

/** A problem of a description: its key, and what is wanted there. */
export interface ProviderProblem {
  /** `find.request.path`; empty for the whole. */
  readonly key: string;
  readonly problem: string;
}

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

const text = z.string().check(z.minLength(1));
const texts = z.array(z.string());
/** What YAML makes of `200` or `true`: compared as text. */
export const scalars = z.array(
  z.union([z.string(), z.number(), z.boolean(), z.null()], "a text, a number, true, false or null"),
);
const pointer = z.string();
const pointers = z.union([pointer, z.array(pointer)]);
/** What a state means. */
export const status = z.enum(STATUSES as [string, ...string[]]);
/** A regular expression. */
export const expression = z.string().check((context) => {
  try {
    new RegExp(context.value);
  } catch {
    refuse(context, "a regular expression");
  }
});
const format = z.optional(z.enum(["json", "ndjson", "text"]));

/** An HTTP request. */
export const httpRequest = z.strictObject({
  path: z.string(),
  query: z.optional(z.record(z.string(), z.string())),
  method: z.optional(z.enum(["GET", "POST"])),
  body: z.optional(z.json()),
  format,
});
const execRequest = z.strictObject({
  run: z.array(z.string()).check(z.minLength(1)),
  absent: z.optional(z.string()),
  format,
});

/** A request or a program to run, told apart by its keys, so that the message is about the right one. */
const request = z.unknown().check((context) => {
  const { value } = context;
  if (typeof value !== "object" || value === null) return refuse(context, "a path, or a program to run");
  const runs = "run" in value;
  const { error } = (runs ? execRequest : httpRequest).safeParse(value);
  for (const issue of error?.issues ?? [])
    context.issues.push({ ...issue, input: value } as (typeof context.issues)[number]);
  if (!runs && /\{env:/.test(JSON.stringify(value)))
    refuse(context, 'no variable in a request: credentials go into "headers" only');
});

/** A condition on a document. */
export const condition = z.strictObject({
  at: pointer,
  is: z.optional(scalars),
  not: z.optional(scalars),
  present: z.optional(z.boolean()),
  atLeast: z.optional(z.union([z.number(), z.string()])),
  matches: z.optional(expression),
  every: z.optional(z.boolean()),
});

const parameter = z.strictObject({
  description: z.string(),
  env: z.optional(z.string()),
  envMatch: z.optional(expression),
  files: z.optional(z.array(z.strictObject({ file: z.string(), match: expression }))),
  default: z.optional(z.string()),
  optional: z.optional(z.boolean()),
});

const find = z.strictObject({
  request,
  items: pointer,
  id: pointer,
  commit: z.array(pointer),
  commitInText: z.optional(z.boolean()),
  environment: z.optional(pointer),
  defaultEnvironment: z.optional(z.string()),
  others: z.optional(request),
  created: z.optional(pointer),
  whole: z.optional(z.boolean()),
});

const progress = z.strictObject({
  percent: z.optional(pointer),
  done: z.optional(pointers),
  total: z.optional(pointers),
  phase: z.optional(pointer),
  steps: z.optional(z.strictObject({ at: pointer, order: texts })),
  request: z.optional(request),
});

const onGitHub = z.strictObject({
  creators: z.optional(z.array(expression)),
  checks: z.optional(z.array(z.strictObject({ app: expression, name: expression }))),
  contexts: z.optional(z.array(expression)),
  ignore: z.optional(z.array(expression)),
  id: z.optional(expression),
  blocked: z.optional(expression),
  skipped: z.optional(expression),
});

/** The value of a header: the only place for variables. */
export const header = z.string().check((context) => {
  if (putVariables(context.value, () => "").includes("{env:")) refuse(context, "a text with variables as {env:NAME}");
});

/** Every key of a provider. */
const provider = z.strictObject({
  name: z.string().check(z.regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "a kebab-case name")),
  title: text,
  waits: z.enum(["deploy", "index-sync"]),
  checked: text,
  base: z.optional(
    z.strictObject({
      url: z.string().check(z.regex(/^https?:\/\/|^\{/, "an http or https URL")),
      env: z.optional(z.string()),
    }),
  ),
  headers: z.optional(z.record(z.string(), header)),
  basic: z.optional(z.strictObject({ user: z.string(), password: z.string() })),
  env: z.optional(texts),
  params: z.optional(z.record(z.string(), parameter)),
  detect: z.optional(
    z.strictObject({ files: texts, content: z.optional(z.string()), branches: z.enum(["all", "default"]) }),
  ),
  refs: z.optional(z.array(expression)),
  label: z.optional(z.string()),
  onGitHub: z.optional(onGitHub),
  find: z.optional(find),
  request,
  root: z.optional(pointer),
  values: z.optional(z.record(z.string(), pointer)),
  problem: z.optional(pointer),
  missing: z.optional(status),
  state: z.optional(pointers),
  states: z.optional(z.partialRecord(status, scalars)),
  rules: z.optional(z.array(z.strictObject({ when: z.array(condition), is: status, reason: z.optional(z.string()) }))),
  otherwise: z.optional(status),
  progress: z.optional(progress),
  reason: z.optional(z.array(pointer)),
  url: z.optional(z.string()),
  startedAt: z.optional(pointer),
  endedAt: z.optional(pointer),
  evidence: z.optional(z.strictObject({ request: z.optional(request), lines: pointer, text: z.optional(pointer) })),
  settle: z.optional(z.strictObject({ looks: z.number(), confirmS: z.optional(z.number()) })),
});

type Described = z.infer<typeof provider>;

/** The first thing that is wrong with a description of a provider, or null. */
export function providerProblem(described: unknown): ProviderProblem | null {
  const { error, data } = provider.safeParse(described);
  const [issue] = error?.issues ?? [];
  if (!issue) return data ? together(data) : null;
  return problemOf(issue, knownKeys);
}

/** A problem that a schema found, as it is told. `known` gives the keys at a place. */
export function problemOf(
  issue: z.core.$ZodIssue,
  known: (path: readonly PropertyKey[]) => readonly string[],
): ProviderProblem {
  if (issue.code === "unrecognized_keys") {
    const [unknown = ""] = issue.keys;
    const key = [...issue.path.map(String), unknown].join(".");
    return { key, problem: `unknown key "${unknown}"${didYouMean(unknown, known(issue.path))}` };
  }
  return { key: issue.path.map(String).join("."), problem: `wanted ${wantedOf(issue)}` };
}

/** Problems of keys that do not fit together. */
function together(described: Described): ProviderProblem | null {
  const asksOverHttp = !(
    typeof described.request === "object" &&
    described.request !== null &&
    "run" in described.request
  );
  if (asksOverHttp && !described.base && !described.refs)
    return { key: "base", problem: 'wanted "base", or "refs" that are URLs' };
  const used = [...Object.keys(described.states ?? {}), ...(described.rules ?? []).map((rule) => rule.is)];
  if (![...used, described.otherwise, described.missing].includes("succeeded"))
    return { key: "states", problem: "nothing in it means succeeded" };
  if (described.states && described.state === undefined)
    return { key: "state", problem: 'wanted "state", since there are "states"' };
  const values = Object.values(described.states ?? {}).flatMap((list) => (list ?? []).map(String));
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  return twice === undefined ? null : { key: "states", problem: `the state "${twice}" is in two lists` };
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a block of keys",
  record: "a block of keys",
};

function wantedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return TYPES[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return `one of ${issue.values.map((value) => `"${String(value)}"`).join(", ")}`;
  if (issue.code === "invalid_key") return `one of ${STATUSES.map((value) => `"${value}"`).join(", ")}`;
  if (issue.code === "too_small") return "something in it";
  if (issue.code === "invalid_union" && issue.message === "Invalid input") return "a text or a list of texts";
  return issue.message;
}

/** The keys that a block knows; of a request, those of both its forms. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  if (path.at(-1) !== "request" && path.at(-1) !== "others") return keysAt(provider, path);
  return [...new Set([...Object.keys(httpRequest.shape), ...Object.keys(execRequest.shape)])];
}

/** Adds the issue that something else was wanted. */
export function refuse(context: { readonly value: unknown; readonly issues: unknown[] }, wanted: string): void {
  context.issues.push({ code: "custom", message: wanted, input: context.value, path: [] });
}
