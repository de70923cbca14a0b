import type { Notifier } from "../../contract/notifier.ts";
import type { QueueSource } from "../../contract/queue-source.ts";
import type { WaitKind } from "../../contract/wait-kind.ts";
import type { LogProvider } from "../../log-providers/describe/log-provider.ts";
import type { Reviewer } from "../../reviewers/describe/reviewer.ts";
import type { PluginScope } from "./scope.ts";
import {
  thirdPartyLogProviders,
  thirdPartyNotifiers,
  thirdPartyReviewers,
  thirdPartySources,
  thirdPartyWaitKinds,
} from "./third-party.ts";

type Loaders<T> = Readonly<Record<string, () => Promise<T>>>;

/** The wait kind called `name`, built-in first; null when there is none. */
export async function findWaitKind(name: string, scope: PluginScope): Promise<WaitKind | null> {
  const { waitKinds } = await import("../../../plugins/wait-kinds/registry.ts");
  return (
    (await load<WaitKind>(waitKinds, name)) ??
    (await thirdPartyWaitKinds(scope, { taken: Object.keys(waitKinds), name }))[0] ??
    null
  );
}

/** The built-in wait kind called `name`, or null. Touches no configuration. */
export async function builtInWaitKind(name: string): Promise<WaitKind | null> {
  const { waitKinds } = await import("../../../plugins/wait-kinds/registry.ts");
  return load<WaitKind>(waitKinds, name);
}

/** A part of any family, as {@link builtInParts} finds it. */
export type Part =
  | { readonly type: "wait kind"; readonly part: WaitKind }
  | { readonly type: "queue source"; readonly part: QueueSource }
  | { readonly type: "notifier"; readonly part: Notifier };

/** The built-in parts called `name`: at most one of each family. Touches no configuration. */
export async function builtInParts(name: string): Promise<readonly Part[]> {
  const [{ waitKinds }, { queueSources }, { notifiers }] = await Promise.all([
    import("../../../plugins/wait-kinds/registry.ts"),
    import("../../../plugins/queue-sources/registry.ts"),
    import("../../../plugins/notifiers/registry.ts"),
  ]);
  const kind = await load<WaitKind>(waitKinds, name);
  const source = await load<QueueSource>(queueSources, name);
  const notifier = await load<Notifier>(notifiers, name);
  return [
    ...(kind ? [{ type: "wait kind", part: kind } as const] : []),
    ...(source ? [{ type: "queue source", part: source } as const] : []),
    ...(notifier ? [{ type: "notifier", part: notifier } as const] : []),
  ];
}

/** The queue source called `name`, built-in first; null when there is none. */
export async function findQueueSource(name: string, scope: PluginScope): Promise<QueueSource | null> {
  const { queueSources } = await import("../../../plugins/queue-sources/registry.ts");
  return (
    (await load<QueueSource>(queueSources, name)) ??
    (await thirdPartySources(scope, { taken: Object.keys(queueSources), name }))[0] ??
    null
  );
}

/** The notifier called `name`, built-in first; null when there is none. */
export async function findNotifier(name: string, scope: PluginScope): Promise<Notifier | null> {
  const { notifiers } = await import("../../../plugins/notifiers/registry.ts");
  return (
    (await load<Notifier>(notifiers, name)) ??
    (await thirdPartyNotifiers(scope, { taken: Object.keys(notifiers), name }))[0] ??
    null
  );
}

/** Every wait kind: built-ins in the order of their registry, then third parties' as configured. */
export async function allWaitKinds(scope: PluginScope): Promise<readonly WaitKind[]> {
  const { waitKinds } = await import("../../../plugins/wait-kinds/registry.ts");
  return [
    ...(await loadAll<WaitKind>(waitKinds)),
    ...(await thirdPartyWaitKinds(scope, { taken: Object.keys(waitKinds) })),
  ];
}

/** Every queue source: built-ins in the order of their registry, then third parties' as configured. */
export async function allQueueSources(scope: PluginScope): Promise<readonly QueueSource[]> {
  const { queueSources } = await import("../../../plugins/queue-sources/registry.ts");
  return [
    ...(await loadAll<QueueSource>(queueSources)),
    ...(await thirdPartySources(scope, { taken: Object.keys(queueSources) })),
  ];
}

/** Every notifier: built-ins in the order of their registry, then third parties' as configured. */
export async function allNotifiers(scope: PluginScope): Promise<readonly Notifier[]> {
  const { notifiers } = await import("../../../plugins/notifiers/registry.ts");
  return [
    ...(await loadAll<Notifier>(notifiers)),
    ...(await thirdPartyNotifiers(scope, { taken: Object.keys(notifiers) })),
  ];
}

/** The log providers of third parties, as configured. */
export async function pluginLogProviders(scope: PluginScope): Promise<readonly LogProvider[]> {
  const { logProviders } = await import("../../../plugins/log-providers/registry.ts");
  return thirdPartyLogProviders(scope, { taken: Object.keys(logProviders) });
}

/** The reviewers of third parties, as configured. */
export async function pluginReviewers(scope: PluginScope): Promise<readonly Reviewer[]> {
  const { reviewers } = await import("../../../plugins/reviewers/registry.ts");
  return thirdPartyReviewers(scope, { taken: Object.keys(reviewers) });
}

async function load<T>(loaders: Loaders<T>, name: string): Promise<T | null> {
  return Object.hasOwn(loaders, name) ? ((await loaders[name]?.()) ?? null) : null;
}

function loadAll<T>(loaders: Loaders<T>): Promise<T[]> {
  return Promise.all(Object.values(loaders).map((loader) => loader()));
}
