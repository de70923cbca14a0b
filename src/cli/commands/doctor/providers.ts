import { isObject } from "../../../base/json.ts";
import { didYouMean } from "../../../base/nearest.ts";
import { loadPolicy } from "../../../config/load.ts";
import type { TargetWatcher } from "../../../provider.ts";
import { type Check, type Finding, ill, warned, well } from "./check.ts";

const MEND = "references/providers.md lists them, and the form of one of your own";

/** Checks that p9 can ask every service of `ci_watch.providers` and `ci_watch.index_sync`. */
export const providers: Check = {
  name: "provider",
  async run({ env, place: cwd, home }) {
    const { ci_watch, services } = await loadPolicy({ env, cwd, home });
    const registry = await import("../../../../plugins/wait-kinds/providers/registry.ts");
    return [
      ...services.map((problem) => ill("provider", problem, MEND)),
      ...(await examine("providers", ci_watch.providers, registry.deployProviders, env)),
      ...(await examine("index_sync", ci_watch.index_sync, registry.indexProviders, env)),
    ];
  },
};

type Table = Readonly<Record<string, () => Promise<TargetWatcher>>>;
type Env = Readonly<Record<string, string | undefined>>;

async function examine(block: string, entries: object, table: Table, env: Env): Promise<readonly Finding[]> {
  const { serviceProblem } = await import("../../../config/services.ts");
  const found = Object.entries(entries).map(async ([name, entry]: [string, unknown]) => {
    const key = `ci_watch.${block}.${name}`;
    if (!isObject(entry)) return [];
    if (!("request" in entry)) return [await withValues(key, name, entry, table, env)];
    // Invalid descriptions are among the policy's problems.
    const isBroken = serviceProblem(name, entry, block === "providers" ? "deploy" : "index-sync") !== null;
    return isBroken ? [] : [well("provider", `${key}: ${String(entry.title ?? name)}`)];
  });
  return (await Promise.all(found)).flat();
}

/** An entry that gives values to a built-in provider, or the short form of an index sync. */
async function withValues(
  key: string,
  name: string,
  entry: Readonly<Record<string, unknown>>,
  table: Table,
  env: Env,
): Promise<Finding> {
  if (key.startsWith("ci_watch.index_sync.") && typeof entry.cmd === "string")
    return well("provider", `${key}: a command`);
  if (key.startsWith("ci_watch.index_sync.") && typeof entry.url === "string") return well("provider", `${key}: a URL`);
  const use = String(entry.use ?? entry.provider ?? name);
  const watcher = Object.hasOwn(table, use) ? await table[use]?.() : undefined;
  if (!watcher) {
    const meant = didYouMean(use, Object.keys(table));
    const what = `"${use}" is no provider of p9${meant}, and it has no "request" of its own`;
    return ill("provider", `Cannot use "${key}": ${what}`, MEND);
  }
  if (watcher.ready(env)) return well("provider", `${key}: ${watcher.title}`);
  const missing = watcher.env.filter((one) => !env[one]).join(", ");
  return warned("provider", `${key}: ${watcher.title}; not set here: ${missing}`);
}
