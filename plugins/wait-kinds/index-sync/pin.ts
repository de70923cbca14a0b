import {
  type JsonObject,
  oneLine,
  type Pin,
  type PluginContext,
  RefError,
  type WaitRequest,
} from "../../../src/plugin.ts";
import { givenValues, type Values } from "../../../src/provider.ts";
import { requireAskable } from "../providers/askable.ts";
import { defined } from "../providers/defined.ts";
import { impliedEntries } from "./implied.ts";
import { entryNames, matching, type Source, watcherOf } from "./resolve.ts";

/** Options that together describe a URL's answer. */
const SPEC = [
  "state",
  "success",
  "failure",
  "running",
  "percent",
  "done",
  "total",
  "phase",
  "error",
  "count",
  "expect",
  "stable",
  "method",
];

/** Binds a request to one target of one provider. No network is needed for it. */
export async function pin(request: WaitRequest, context: PluginContext): Promise<Pin> {
  const { ref, source, values } = await find(request, context);
  const { watcher, values: configured } = await watcherOf(source, context);
  const given = { ...configured, ...values, ...givenValues(request.options.param) };
  const place = await watcher.locate(given, { env: context.env, cwd: context.cwd });
  requireAskable(watcher, place, request.network);
  const located = place.values;
  // An entry of the policy may take the rest as a reference: `docs` is complete, `docs:5` names the task.
  return {
    ref: oneLine(ref, 100),
    ...("spec" in source ? {} : { title: watcher.title }),
    key: `${JSON.stringify([source, located])}`,
    history: `${"entry" in source ? source.entry : watcher.name}:${JSON.stringify({ ...located, id: undefined, ref: undefined })}`,
    repo: context.repo,
    identity: { source, values: defined(located) },
    complete: true,
    env: watcher.env,
  };
}

interface Found {
  readonly ref: string;
  readonly source: Source;
  readonly values: Values;
}

async function find({ ref: asked, options, pushed }: WaitRequest, context: PluginContext): Promise<Found> {
  if (asked === null && pushed) {
    const [entry] = await impliedEntries(pushed, context);
    if (entry === undefined) throw new RefError("This push changes no path of ci_watch.index_sync");
    return { ref: entry, source: { entry }, values: { sha: pushed.sha } };
  }
  const names = entryNames(context);
  const only = typeof options.provider === "string" ? options.provider : null;
  if (typeof options.cmd === "string")
    return { ref: asked ?? options.cmd, source: { spec: { cmd: options.cmd } }, values: {} };
  const ref = asked ?? (names.length === 1 ? names[0] : undefined);
  if (ref === undefined) throw new RefError(nothingNamed(names));
  if (names.includes(ref)) return { ref, source: { entry: ref }, values: {} };
  const ofEntry = await targetOfEntry(ref, names, context);
  if (ofEntry) return ofEntry;
  if (options.state !== undefined || options.count !== undefined)
    return { ref, source: { spec: specOf(ref, options) }, values: {} };
  const found = await matching(ref, only, context);
  if (found) return { ref, ...found };
  throw new RefError(`Cannot watch the index sync "${oneLine(ref)}": ${howToSay(names)}`);
}

/** `docs:5`: the entry `docs` of the policy, with the rest as a reference of its provider. */
async function targetOfEntry(ref: string, names: readonly string[], context: PluginContext): Promise<Found | null> {
  const name = names.find((one) => ref.startsWith(`${one}:`));
  if (name === undefined) return null;
  const { watcher } = await watcherOf({ entry: name }, context);
  const rest = ref.slice(name.length + 1);
  const values = await watcher.match(rest);
  if (!values) throw new RefError(`Cannot watch "${oneLine(rest)}" with ${watcher.title}: that is no reference of it`);
  return { ref, source: { entry: name }, values };
}

function specOf(url: string, options: WaitRequest["options"]): JsonObject {
  const words = SPEC.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
  return { url, ...Object.fromEntries(words), ...(options.header === undefined ? {} : { headers: options.header }) };
}

function nothingNamed(names: readonly string[]): string {
  return `Cannot tell which index sync to watch: ${howToSay(names)}`;
}

function howToSay(names: readonly string[]): string {
  const listed = names.length > 0 ? `one of ${names.join(", ")}, ` : "a name under ci_watch.index_sync, ";
  return `wanted ${listed}a provider's reference (npm:name@1.0.0, postgres:my_index, meilisearch:5), or a URL with --state and --success`;
}
