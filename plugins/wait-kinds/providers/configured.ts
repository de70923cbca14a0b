import { isObject, type JsonObject, type PluginContext, RefError } from "../../../src/plugin.ts";
import { defineProvider, interpret, type Provider, type TargetWatcher, type Values } from "../../../src/provider.ts";
import { type Block, builtIn, OWN_KEYS, permitted } from "./entries.ts";

/** One entry of `ci_watch.providers` or `ci_watch.index_sync`. */
export interface Configured {
  readonly name: string;
  readonly watcher: TargetWatcher;
  readonly values: Values;
}

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
  if ("request" in entry) {
    const make = () => interpret(providerOf(block, name, entry));
    return { name, watcher: await permitted(block, name, entry, make, context), values: {} };
  }
  const watcher = await builtIn(block, name, entry);
  if (!watcher) {
    const use = String(entry.use ?? entry.provider ?? name);
    throw new RefError(
      `Cannot use "ci_watch.${block.key}.${name}": "${use}" is no provider of p9, and it has no "request" of its own`,
    );
  }
  return { name, watcher: await permitted(block, name, entry, () => watcher, context), values: valuesOf(entry) };
}

function providerOf(block: Block, name: string, entry: JsonObject): Provider {
  const { branches: _branches, paths: _paths, ...rest } = entry;
  refuseMovingBase(block, name, entry);
  try {
    // Typed only; `defineProvider` checks it.
    return defineProvider({
      title: name,
      checked: "by whoever wrote it",
      waits: block.waits,
      ...rest,
      name,
    } as Partial<Provider> as Provider);
  } catch (error) {
    throw new RefError(error instanceof Error ? error.message : String(error));
  }
}

/** Refuses an address that a file of the repository would say: the file may change after the entry was trusted. */
function refuseMovingBase(block: Block, name: string, { base, params }: JsonObject): void {
  if (!isObject(base) || !isObject(params)) return;
  const inBase = Object.keys(params).filter((one) => String(base.url).includes(`{${one}}`));
  const moving = inBase.find((one) => isObject(params[one]) && "files" in params[one]);
  if (moving === undefined) return;
  throw new RefError(
    `Cannot use "ci_watch.${block.key}.${name}": "${moving}" is part of its address, so no file may say it: wanted "env" or "default"`,
  );
}

function valuesOf(entry: JsonObject): Values {
  return Object.fromEntries(
    Object.entries(entry).flatMap(([key, value]) =>
      !OWN_KEYS.includes(key) && (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
        ? [[key, String(value)]]
        : [],
    ),
  );
}
