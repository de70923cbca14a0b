import { ageMs, systemClock } from "../../base/clock.ts";
import { errorText } from "../../core/errors.ts";
import type { Target } from "../call/target.ts";
import { type CatalogEntry, keepEntries, readCatalog } from "./catalog-file.ts";
import { type Configured, configuredPlugins, locateConfigured } from "./configured.ts";
import type { Description } from "./description.ts";
import { fingerprint } from "./files.ts";
import type { PluginScope } from "./scope.ts";
import type { Location } from "./specifier.ts";
import { isPluginTrusted } from "./trusted.ts";

/** A configured plugin and what is known of it. */
export interface Known {
  readonly plugin: Configured;
  /** Null when it cannot be found. */
  readonly target: Target | null;
  readonly trusted: boolean;
  /** What it provides; with a problem, what it last provided, or null. */
  readonly description: Description | null;
  /** Why it cannot be used now, as one sentence, and what somebody must do. */
  readonly problem: string | null;
  readonly needs?: string;
}

/** A plugin that could not describe itself is asked again after this time, or when its files change. */
const RETRY_MS = 5 * 60_000;

/** How to look plugins up. */
export interface LookUpOptions {
  readonly now?: number;
  /** Ask every plugin, also those whose files have not changed. */
  readonly anew?: boolean;
  /** Only the plugin of this entry. */
  readonly only?: Pick<Configured, "use" | "base">;
}

/** Last self-reported name of each user-configured plugin, keyed by its entry in `plugins.jsonc`. */
export function knownNames(home: string): ReadonlyMap<string, string> {
  const entries = Object.entries(readCatalog(home)).filter(([key]) => key.startsWith(`${home}\n`));
  return new Map(
    entries.flatMap(([key, { description }]) =>
      description ? [[key.slice(home.length + 1), description.name] as const] : [],
    ),
  );
}

/**
 * Looks up every configured plugin with what it provides. Starts only new or changed plugins; the rest comes from the catalog in
 * the state directory. Never throws for a plugin's fault.
 */
export async function knownPlugins(scope: PluginScope, options: LookUpOptions = {}): Promise<readonly Known[]> {
  const { only } = options;
  const configured = await configuredPlugins(scope);
  const plugins = only ? configured.filter(({ use, base }) => use === only.use && base === only.base) : configured;
  if (plugins.length === 0) return [];
  const catalog = readCatalog(scope.home);
  const fresh: Record<string, CatalogEntry> = {};
  const known = await Promise.all(
    plugins.map(async (plugin) => {
      const key = `${plugin.base}\n${plugin.use}`;
      const before = catalog[key];
      const { entry, ...rest } = await lookUp(scope, plugin, before, options);
      if (entry && entry !== before && !scope.startNothing) fresh[key] = entry;
      return rest;
    }),
  );
  if (Object.keys(fresh).length > 0) keepEntries(scope.home, fresh);
  return known;
}

async function lookUp(
  scope: PluginScope,
  plugin: Configured,
  before: CatalogEntry | undefined,
  options: LookUpOptions,
): Promise<Known & { readonly entry?: CatalogEntry }> {
  const description = before?.description ?? null;
  let location: Location;
  try {
    location = locateConfigured(plugin, scope.home);
  } catch (error) {
    return { plugin, target: null, trusted: plugin.from === "user", description, problem: errorText(error) };
  }
  const target = { ...location, spec: plugin.use, label: description?.name ?? plugin.use };
  if (!(await isPluginTrusted(scope, plugin, location))) {
    const problem = `Plugin "${plugin.use}" of "${plugin.file}" is not trusted: run "p9 trust"`;
    return { plugin, target, trusted: false, description, problem, needs: "p9 trust" };
  }
  const entry = await currentEntry(scope, target, fingerprint(location), before, options);
  const label = entry.description?.name ?? plugin.use;
  return {
    plugin,
    target: { ...target, label },
    trusted: true,
    description: entry.description,
    problem: entry.problem,
    entry,
  };
}

async function currentEntry(
  scope: PluginScope,
  target: Target,
  print: string,
  before: CatalogEntry | undefined,
  { now = systemClock.now(), anew = false }: LookUpOptions,
): Promise<CatalogEntry> {
  if (scope.startNothing) return before?.description ? { ...before, problem: null } : notAsked(print, now);
  if (!anew && before?.fingerprint === print && (before.problem === null || ageMs(before.at, now) < RETRY_MS))
    return before;
  try {
    const { describePlugin } = await import("./describe.ts");
    return { fingerprint: print, description: await describePlugin(target, scope), problem: null, at: now };
  } catch (error) {
    return { fingerprint: print, description: before?.description ?? null, problem: errorText(error), at: now };
  }
}

function notAsked(print: string, now: number): CatalogEntry {
  const problem = 'It was not asked yet what it provides: "p9 plugin list" asks';
  return { fingerprint: print, description: null, problem, at: now };
}
