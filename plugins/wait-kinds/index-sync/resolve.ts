import { textAt } from "../../../src/github.ts";
import { didYouMean, isObject, type JsonObject, oneLine, type PluginContext, RefError } from "../../../src/plugin.ts";
import { interpret, type TargetWatcher, type Values } from "../../../src/provider.ts";
import { configured } from "../providers/configured.ts";
import { type Block, entriesOf, permitted } from "../providers/entries.ts";
import { byName, indexProviders } from "../providers/registry.ts";
import { commandWatcher } from "./command.ts";
import { genericProvider } from "./generic.ts";
import { needTrustedFiles } from "./npmrc.ts";

/** Which watcher a wait has, as plain data: a name in the policy, a built-in provider, or a URL or command of its own. */
export type Source = { readonly entry: string } | { readonly provider: string } | { readonly spec: JsonObject };

/** Where index syncs are configured, and the providers that are built in. */
export const SYNCS: Block = { key: "index_sync", waits: "index-sync", table: indexProviders };

/** Names under `ci_watch.index_sync`. */
export function entryNames(context: PluginContext): string[] {
  return entriesOf(context.config, SYNCS.key).map(([name]) => name);
}

/** The watcher of a source, with the values that the policy gives it. */
export async function watcherOf(
  source: Source,
  context: PluginContext,
): Promise<{ watcher: TargetWatcher; values: Values }> {
  if ("entry" in source) return ofEntry(source.entry, context);
  if ("spec" in source) return ofSpec(source.spec, "the URL");
  const watcher = await byName(indexProviders, source.provider);
  if (!watcher) {
    throw new RefError(
      `Cannot use the provider "${oneLine(source.provider, 60)}"${didYouMean(source.provider, Object.keys(indexProviders))}: wanted one of ${Object.keys(indexProviders).join(", ")}`,
    );
  }
  await needTrustedFiles(watcher, context);
  return { watcher, values: {} };
}

async function ofEntry(name: string, context: PluginContext): Promise<{ watcher: TargetWatcher; values: Values }> {
  const entry = entriesOf(context.config, SYNCS.key).find(([one]) => one === name)?.[1];
  if (!entry) throw new RefError(`Cannot find "${oneLine(name)}" under ci_watch.index_sync`);
  if (typeof entry.cmd === "string" || (typeof entry.url === "string" && !("request" in entry))) {
    const watcher = await permitted(SYNCS, name, entry, () => ofSpec(entry, name).watcher, context);
    return { ...ofSpec(entry, name), watcher };
  }
  const found = await configured(SYNCS, name, entry, context);
  await needTrustedFiles(found.watcher, context);
  return found;
}

function ofSpec(spec: JsonObject, name: string): { watcher: TargetWatcher; values: Values } {
  if (typeof spec.cmd === "string") return { watcher: commandWatcher(spec), values: { cmd: spec.cmd } };
  const values = {
    target: URL.canParse(textAt(spec, "url") ?? "") ? new URL(textAt(spec, "url") ?? "").pathname : name,
  };
  const expect = spec.expect === undefined ? {} : { expect: String(spec.expect) };
  return { watcher: interpret(genericProvider(spec, isObject(spec) ? name : "")), values: { ...values, ...expect } };
}

/**
 * Which provider a reference belongs to by its form: `npm:left-pad@1.0.0`, or a URL that only one provider's API has.
 * null: none of them.
 */
export async function matching(
  ref: string,
  only: string | null,
  context: PluginContext,
): Promise<{ source: Source; values: Values } | null> {
  const [, prefix, rest] = /^([a-z][a-z0-9-]*):(?!\/\/)(.+)$/.exec(ref) ?? [];
  const named = only ?? (prefix !== undefined && Object.hasOwn(indexProviders, prefix) ? prefix : null);
  if (named !== null) {
    const { watcher } = await watcherOf({ provider: named }, context);
    const text = named === prefix && rest !== undefined ? rest : ref;
    const values = await watcher.match(text);
    if (!values)
      throw new RefError(`Cannot watch "${oneLine(text)}" with ${watcher.title}: that is no reference of it`);
    return { source: { provider: named }, values };
  }
  if (!/^[a-z]+:\/\//.test(ref)) return null;
  const found: { source: { provider: string }; values: Values }[] = [];
  for (const name of Object.keys(indexProviders)) {
    const { watcher } = await watcherOf({ provider: name }, context);
    const values = await watcher.match(ref);
    if (values) found.push({ source: { provider: name }, values });
  }
  if (found.length > 1) {
    throw new RefError(
      `Cannot tell what "${oneLine(ref)}" is: say --provider ${found.map(({ source }) => source.provider).join(" or --provider ")}`,
    );
  }
  return found[0] ?? null;
}
