/** THE FORM OF A LOG PROVIDER AS DATA, to the last key: what `LogProvider` (log-provider.ts) promises, checked when somebody writes one. */
import * as z from "zod/mini";
import {
  condition,
  expression,
  header,
  httpRequest,
  type ProviderProblem,
  problemOf,
  refuse,
  scalars,
  status,
} from "../../providers/describe/schema.ts";
import { keysAt } from "../../providers/describe/schema-keys.ts";
import type { LogParts } from "./log-provider.ts";

const text = z.string().check(z.minLength(1));
const texts = z.array(text);
const pointer = z.string();
const pointers = z.record(z.string(), pointer);
const expressions = z.array(expression);

const origin = z.string().check((context) => {
  const { value } = context;
  if (!URL.canParse(value) || new URL(value).origin !== value)
    refuse(context, "an origin such as https://ci.example.org");
});

const address = z.string().check((context) => {
  const { value } = context;
  const url = URL.canParse(value) ? new URL(value) : null;
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search;
  if (!isPlain || /[{}]/.test(value)) refuse(context, "an http or https URL without credentials or templates");
});

/** A request, which names no variable: credentials stand in `headers`. */
const request = z.unknown().check((context) => {
  const { error } = httpRequest.safeParse(context.value);
  for (const issue of error?.issues ?? [])
    context.issues.push({ ...issue, input: context.value } as (typeof context.issues)[number]);
  if (/\{env:/.test(JSON.stringify(context.value)))
    refuse(context, 'no variable in a request: credentials go into "headers" only');
});

const next = z.strictObject({
  at: z.optional(pointer),
  header: z.optional(text),
  query: z.optional(text),
});

const logText = z.strictObject({
  request: z.optional(request),
  url: z.optional(pointer),
  file: z.optional(text),
  lines: z.optional(pointer),
  line: z.optional(pointer),
  pieces: z.optional(z.boolean()),
  form: z.optional(z.enum(["html", "base64"])),
  where: z.optional(z.array(condition)),
  tail: z.optional(z.boolean()),
  fallback: z.optional(z.boolean()),
});

const logParts: z.ZodMiniType<LogParts> = z.lazy(() => parts) as z.ZodMiniType<LogParts>;
const parts = z.strictObject({
  request: z.optional(request),
  next: z.optional(next),
  items: z.optional(pointer),
  where: z.optional(z.array(condition)),
  as: z.optional(z.enum(["job", "step"])),
  name: z.optional(texts),
  job: z.optional(z.strictObject({ of: pointer, id: pointer, name: pointer })),
  command: z.optional(pointer),
  exit: z.optional(pointer),
  values: z.optional(pointers),
  parts: z.optional(z.array(logParts)),
  text: z.optional(z.array(logText)),
  fallback: z.optional(z.boolean()),
});

const target = z.strictObject({
  label: text,
  find: z.optional(
    z.strictObject({
      request,
      next: z.optional(next),
      items: pointer,
      where: z.array(condition),
      values: pointers,
    }),
  ),
  request,
  root: z.optional(pointer),
  values: z.optional(pointers),
  missing: z.optional(z.enum(["waiting", "running"])),
  state: z.optional(z.union([pointer, z.array(pointer)])),
  states: z.optional(z.partialRecord(status, scalars)),
  rules: z.optional(z.array(z.strictObject({ when: z.array(condition), is: status, reason: z.optional(z.string()) }))),
  otherwise: z.optional(status),
  progress: z.optional(
    z.strictObject({
      percent: z.optional(pointer),
      done: z.optional(pointer),
      total: z.optional(pointer),
      phase: z.optional(pointer),
    }),
  ),
  reason: z.optional(z.array(pointer)),
  startedAt: z.optional(pointer),
  endedAt: z.optional(pointer),
  logs: z.array(logParts),
});

/** Every key of a log provider. */
const provider = z.strictObject({
  name: z.string().check(z.regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "a kebab-case name")),
  title: text,
  checked: text,
  base: z.optional(z.strictObject({ url: z.optional(address), env: z.optional(text) })),
  sites: z.optional(z.array(origin)),
  headers: z.optional(z.record(z.string(), header)),
  basic: z.optional(z.strictObject({ user: z.optional(text), password: text })),
  params: z.optional(
    z.record(
      z.string(),
      z.strictObject({
        description: text,
        env: z.optional(text),
        default: z.optional(z.string()),
        optional: z.optional(z.boolean()),
      }),
    ),
  ),
  apps: z.optional(expressions),
  contexts: z.optional(expressions),
  pages: z
    .array(z.strictObject({ path: expression, is: text, telling: z.optional(z.boolean()) }))
    .check(z.minLength(1)),
  targets: z.record(z.string(), target),
});

/** The first thing that is wrong with a description of a log provider, or null. */
export function logProviderProblem(described: unknown): ProviderProblem | null {
  const { error, data } = provider.safeParse(described);
  const [issue] = error?.issues ?? [];
  if (issue) return problemOf(issue, keysOf);
  const lost = data?.pages.find(({ is }) => !Object.hasOwn(data.targets, is));
  if (lost) return { key: "pages", problem: `"${lost.is}" is none of "targets"` };
  if (data && !data.base?.url && !data.base?.env) return { key: "base", problem: 'wanted "url" or "env"' };
  const unwatched = Object.entries(data?.targets ?? {}).find(([, { rules, states }]) => !rules && !states);
  return unwatched ? { key: `targets.${unwatched[0]}`, problem: 'wanted "states" or "rules"' } : null;
}

/** The keys that a block knows. */
function keysOf(path: readonly PropertyKey[]): readonly string[] {
  return path.at(-1) === "request" ? keysAt(httpRequest, []) : keysAt(provider, path);
}
