import type { JsonObject, Notifier, QueueSource, WaitKind } from "../plugin.ts";
import type { Description } from "./description.ts";
import type { Host } from "./host.ts";
import type { PluginScope } from "./resolve.ts";
import type { Trouble } from "./stand-in.ts";

/** Which parts are wanted. */
export interface Wanted {
  /** Names of the built-ins of the same family, which nobody else may take. */
  readonly taken: readonly string[];
  /** Only the part called so. */
  readonly name?: string;
}

/** Wait kinds of the plugins configured in `scope`. */
export async function thirdPartyWaitKinds(scope: PluginScope, wanted: Wanted): Promise<readonly WaitKind[]> {
  const found = await partsOf(scope, wanted, "wait kind", ({ waitKinds }) => waitKinds);
  if (found.length === 0) return [];
  const { wrapWaitKind } = await import("./wrap-wait-kind.ts");
  const { standInWaitKind } = await import("./stand-in.ts");
  return found.map((one) => (one.trouble ? standInWaitKind(one.data, one.trouble) : wrapWaitKind(one.host, one.data)));
}

/** Queue sources of the plugins configured in `scope`. */
export async function thirdPartySources(scope: PluginScope, wanted: Wanted): Promise<readonly QueueSource[]> {
  const found = await partsOf(scope, wanted, "queue source", ({ queueSources }) => queueSources);
  if (found.length === 0) return [];
  const { wrapQueueSource } = await import("./wrap-queue-source.ts");
  const { standInQueueSource } = await import("./stand-in.ts");
  return found.map((one) =>
    one.trouble ? standInQueueSource(one.data, one.trouble) : wrapQueueSource(one.host, one.data, one.options),
  );
}

/** Notifiers of the plugins configured in `scope`. */
export async function thirdPartyNotifiers(scope: PluginScope, wanted: Wanted): Promise<readonly Notifier[]> {
  const found = await partsOf(scope, wanted, "notifier", ({ notifiers }) => notifiers);
  if (found.length === 0) return [];
  const { wrapNotifier } = await import("./wrap-notifier.ts");
  const { standInNotifier } = await import("./stand-in.ts");
  return found.map((one) =>
    one.trouble ? standInNotifier(one.data, one.trouble) : wrapNotifier(one.host, one.data, one.options),
  );
}

/** A part that can be used, with its options as `plugins.jsonc` gives them; or why it cannot. */
type Found<D> =
  | { readonly data: D; readonly trouble: Trouble }
  | { readonly data: D; readonly trouble: null; readonly host: Host; readonly options: JsonObject };

interface PartData {
  readonly name: string;
}

async function partsOf<D extends PartData>(
  scope: PluginScope,
  { taken, name }: Wanted,
  what: string,
  pick: (description: Description) => readonly D[] | undefined,
): Promise<readonly Found<D>[]> {
  const { knownPlugins } = await import("./catalog.ts");
  const owners = new Map(taken.map((built) => [built, "p9"]));
  const found: Found<D>[] = [];
  for (const { plugin, target, description, problem, needs } of await knownPlugins(scope)) {
    const report = (message: string) => scope.report?.({ plugin: plugin.use, message });
    if (problem) report(problem);
    for (const data of (description && pick(description)) ?? []) {
      const owner = owners.get(data.name);
      if (owner !== undefined) {
        report(`Plugin "${plugin.use}" cannot provide the ${what} "${data.name}": ${owner} has one of that name`);
        continue;
      }
      owners.set(data.name, `plugin "${plugin.use}"`);
      if (name !== undefined && data.name !== name) continue;
      const options = plugin.options[data.name] ?? {};
      if (problem !== null || target === null) found.push({ data, trouble: { problem: problem ?? "", needs } });
      else found.push({ data, trouble: null, host: { home: scope.home, target }, options });
    }
  }
  return found;
}
