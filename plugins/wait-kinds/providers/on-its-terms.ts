import { type JsonObject, type PluginContext, privateHostsIn } from "../../../src/plugin.ts";
import type { TargetWatcher, Values } from "../../../src/provider.ts";

/** What of an entry and its provider says where requests go. `p9 trust` names the hosts in it that are not public. */
export function placesIn(entry: JsonObject, watcher: TargetWatcher | null): unknown {
  return [entry, watcher?.provider?.base, watcher?.provider?.params];
}

/**
 * A watcher of an entry that a repository names and somebody has trusted: of this machine and its network it reaches what `p9 trust`
 * showed, what a variable of the user's holds that overrules the address, and what the user typed.
 */
export function onItsTerms(watcher: TargetWatcher, entry: JsonObject): TargetWatcher {
  return {
    ...watcher,
    look: (values, context) => {
      const privateHosts = hostsFor(watcher, entry, values, context);
      return watcher.look(values, {
        ...context,
        fetch: (url, init) => context.fetch(url, { ...init, privateHosts }),
      });
    },
  };
}

function hostsFor(
  watcher: TargetWatcher,
  entry: JsonObject,
  { base, url, host }: Values,
  { env }: Pick<PluginContext, "env">,
): readonly string[] {
  const overruled = env[watcher.provider?.base?.env ?? ""]?.trim();
  return privateHostsIn([placesIn(entry, watcher), { base, url, host }, { url: overruled }]);
}
