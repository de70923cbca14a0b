import { type JsonObject, type PluginContext, RefError } from "../../../src/plugin.ts";
import { defineProvider, interpret, type Provider, type TargetWatcher, type Values } from "../../../src/provider.ts";
import { type BlockKey, needTrust } from "./entries.ts";
import { byName } from "./registry.ts";

/** One entry of `ci_watch.providers` or `ci_watch.index_sync`. */
export interface Configured {
  readonly name: string;
  readonly watcher: TargetWatcher;
  readonly values: Values;
}

/** Which block of the policy, and what it may name. */
export interface Block {
  readonly key: BlockKey;
  readonly waits: Provider["waits"];
  readonly table: Parameters<typeof byName>[0];
}

/** Keys of an entry that are not values of its provider. */
const OWN = ["use", "provider", "branches", "paths", "title"];

/**
 * Makes the watcher of an entry: a built-in provider with values, or a provider as data.
 *
 * @throws {RefError} naming the key, when it is neither; {@link TrustError} when it must be trusted first.
 */
export async function configured(
  block: Block,
  name: string,
  entry: JsonObject,
  context: PluginContext,
): Promise<Configured> {
  const subject = `ci_watch.${block.key}.${name}`;
  if ("request" in entry) {
    await needTrust(block.key, name, entry, context);
    return { name, watcher: interpret(providerOf(block, name, entry)), values: {} };
  }
  const use = String(entry.use ?? entry.provider ?? name);
  const watcher = await byName(block.table, use);
  if (!watcher)
    throw new RefError(`Cannot use "${subject}": "${use}" is no provider of p9, and it has no "request" of its own`);
  await needTrust(block.key, name, entry, context);
  return { name, watcher, values: valuesOf(entry) };
}

function providerOf({ waits }: Block, name: string, entry: JsonObject): Provider {
  const { branches: _branches, paths: _paths, ...rest } = entry;
  try {
    // Typed only; `defineProvider` checks it.
    return defineProvider({
      title: name,
      checked: "by whoever wrote it",
      waits,
      ...rest,
      name,
    } as Partial<Provider> as Provider);
  } catch (error) {
    throw new RefError(error instanceof Error ? error.message : String(error));
  }
}

function valuesOf(entry: JsonObject): Values {
  return Object.fromEntries(
    Object.entries(entry).flatMap(([key, value]) =>
      !OWN.includes(key) && (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
        ? [[key, String(value)]]
        : [],
    ),
  );
}
