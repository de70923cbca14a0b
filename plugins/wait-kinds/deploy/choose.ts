import { existsSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, type PluginContext, RefError, TrustError } from "../../../src/plugin.ts";
import type { TargetWatcher, Values } from "../../../src/provider.ts";
import { requireAskable } from "../providers/askable.ts";
import { configured } from "../providers/configured.ts";
import { type Block, entriesOf } from "../providers/entries.ts";
import { byName, deployProviders } from "../providers/registry.ts";

/** A provider and the values to ask it with. Plain data, kept in the wait's identity. */
export interface Choice {
  /** Name of the policy's entry, or of the provider. */
  readonly name: string;
  readonly values: Values;
}

/** Where deploys are configured, and the providers that are built in. */
export const DEPLOYS: Block = { key: "providers", waits: "deploy", table: deployProviders };

/** Entries of the policy that deploy. `github` there only tells more about what GitHub shows. */
export function chosenEntries(context: PluginContext) {
  return entriesOf(context.config, DEPLOYS.key).filter(([name]) => name !== "github");
}

/** The watcher behind a choice's name, with the values that the policy gives it. */
export async function watcherOf(
  name: string,
  context: PluginContext,
): Promise<{ watcher: TargetWatcher; values: Values }> {
  const entry = entriesOf(context.config, DEPLOYS.key).find(([one]) => one === name)?.[1];
  if (entry) return configured(DEPLOYS, name, entry, context);
  const watcher = await byName(deployProviders, name);
  if (watcher) return { watcher, values: {} };
  const known = [...Object.keys(deployProviders), ...chosenEntries(context).map(([one]) => one)];
  throw new RefError(
    `Cannot use the provider "${name}"${didYouMean(name, known)}: wanted one of ${[...new Set(known)].join(", ")}`,
  );
}

/** A choice with all its values found. @throws {RefError} naming what is missing and how to give it. */
export async function locate(
  name: string,
  given: Values,
  context: PluginContext,
  { root, network }: { readonly root: string | null; readonly network: boolean },
): Promise<Choice> {
  const { watcher, values } = await watcherOf(name, context);
  const found = await watcher.locate(
    { ...values, ...withoutUnknown(given) },
    { env: context.env, cwd: folderOf(context.cwd, root) },
  );
  requireAskable(watcher, found, network);
  return { name, values: found.values };
}

/**
 * Which providers a reference belongs to by its form (`deployment/web`, `dpl_…`, a URL): the policy's first, then those whose
 * credentials are set. The user must choose among several of the latter.
 */
export async function matching(
  ref: string,
  only: string | null,
  context: PluginContext,
): Promise<{ name: string; values: Values } | null> {
  const entries = chosenEntries(context).map(([name]) => name);
  const names = only === null ? [...entries, ...Object.keys(deployProviders)] : [only];
  const found: { name: string; values: Values; ready: boolean; isEntry: boolean }[] = [];
  for (const name of names) {
    const watcher = await watcherToMatch(name, only, context);
    const values = await watcher?.match(ref);
    if (watcher && values)
      found.push({ name, values, ready: watcher.ready(context.env), isEntry: entries.includes(name) });
  }
  const specific = found.filter(({ name }) => name !== "http");
  const best =
    [specific.filter(({ isEntry }) => isEntry), specific.filter(({ ready }) => ready), specific, found].find(
      (list) => list.length > 0,
    ) ?? [];
  if (best.length > 1) {
    throw new RefError(
      `Cannot tell whose deploy "${ref}" is: say --provider ${best.map(({ name }) => name).join(" or --provider ")}`,
    );
  }
  return best[0] ?? null;
}

/** The watcher of that name; null for an entry that is not trusted, when the user did not name it. */
async function watcherToMatch(
  name: string,
  only: string | null,
  context: PluginContext,
): Promise<TargetWatcher | null> {
  try {
    return (await watcherOf(name, context)).watcher;
  } catch (error) {
    if (only === null && error instanceof TrustError) return null;
    throw error;
  }
}

/** Project files may lie in the folder of one app of a repository, or at its root. */
export function folderOf(cwd: string, root: string | null): string {
  const own = [
    ".vercel",
    ".netlify",
    "vercel.json",
    "netlify.toml",
    "wrangler.toml",
    "wrangler.json",
    "wrangler.jsonc",
    "fly.toml",
    "railway.json",
    "railway.toml",
    "render.yaml",
  ];
  return root === null || own.some((file) => existsSync(join(cwd, file))) ? cwd : root;
}

function withoutUnknown(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
