import type { JsonObject } from "../../base/json.ts";
import type { Notifier } from "../../contract/notifier.ts";
import type { QueueSource } from "../../contract/queue-source.ts";
import type { WaitKind } from "../../contract/wait-kind.ts";
import { ObservationError } from "../../core/observation.ts";
import type { LogProvider } from "../../log-providers/describe/log-provider.ts";
import type { Reviewer } from "../../reviewers/describe/reviewer.ts";
import type { LiveHost } from "../call/host.ts";
import type { Configured } from "./configured.ts";
import type { Description } from "./description.ts";
import type { PluginScope } from "./scope.ts";

/** Which parts are wanted. */
export interface Wanted {
  /** Names of the built-ins of the same family, which a third party may not use. */
  readonly taken: readonly string[];
  /** Only the part called so. */
  readonly name?: string;
}

/** Wait kinds of the plugins configured in `scope`. */
export async function thirdPartyWaitKinds(scope: PluginScope, wanted: Wanted): Promise<readonly WaitKind[]> {
  const found = await partsOf(scope, wanted, "wait kind", ({ waitKinds }) => waitKinds);
  if (found.length === 0) return [];
  const { wrapWaitKind } = await import("../parts/wait-kind.ts");
  return found.map((one) => wrapWaitKind(one.host, one.data));
}

/** Queue sources of the plugins configured in `scope`. */
export async function thirdPartySources(scope: PluginScope, wanted: Wanted): Promise<readonly QueueSource[]> {
  const found = await partsOf(scope, wanted, "queue source", ({ queueSources }) => queueSources);
  if (found.length === 0) return [];
  const { wrapQueueSource } = await import("../parts/queue-source.ts");
  return found.map((one) => wrapQueueSource(one.host, one.data, one.options));
}

/** Notifiers of the plugins configured in `scope`. */
export async function thirdPartyNotifiers(scope: PluginScope, wanted: Wanted): Promise<readonly Notifier[]> {
  const found = await partsOf(scope, wanted, "notifier", ({ notifiers }) => notifiers);
  if (found.length === 0) return [];
  const { wrapNotifier } = await import("../parts/notifier.ts");
  return found.map((one) => wrapNotifier(one.host, one.data, one.options));
}

/** Log providers of the plugins configured in `scope`: data, of which nothing runs. */
export async function thirdPartyLogProviders(scope: PluginScope, wanted: Wanted): Promise<readonly LogProvider[]> {
  const found = await partsOf(scope, wanted, "log provider", ({ logProviders }) => logProviders);
  return found.map(({ data }) => data);
}

/** Reviewers of the plugins configured in `scope`: data, of which nothing runs. */
export async function thirdPartyReviewers(scope: PluginScope, wanted: Wanted): Promise<readonly Reviewer[]> {
  const found = await partsOf(scope, wanted, "reviewer", ({ reviewers }) => reviewers);
  return found.map(({ data }) => data);
}

interface Found<D> {
  readonly data: D;
  readonly host: LiveHost;
  /** Its options as `plugins.jsonc` gives them. */
  readonly options: JsonObject;
}

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
  for (const { plugin, description, problem } of await knownPlugins(scope)) {
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
      found.push({ data, host: liveHost(scope, plugin), options: plugin.options[data.name] ?? {} });
    }
  }
  return found;
}

/** Checks before each call that the plugin is still configured, trusted and sound, because a watcher lives for hours. */
function liveHost(scope: PluginScope, plugin: Configured): LiveHost {
  return {
    async ready() {
      const { knownPlugins } = await import("./catalog.ts");
      const [known] = await knownPlugins(scope, { only: plugin });
      if (known?.target && known.problem === null) return { home: scope.home, target: known.target };
      const problem = known?.problem ?? `Plugin "${plugin.use}" is named in "${plugin.file}" no longer`;
      throw new ObservationError(problem, { needs: known?.needs ?? problem });
    },
  };
}
