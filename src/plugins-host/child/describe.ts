import type { Plugin } from "../../contract/define.ts";
import type { Notifier } from "../../contract/notifier.ts";
import type { QueueSource } from "../../contract/queue-source.ts";
import type { WaitKind } from "../../contract/wait-kind.ts";
import type { LogProvider } from "../../log-providers/describe/log-provider.ts";
import type { Reviewer } from "../../reviewers/describe/reviewer.ts";
import type { Description, OptionalCall } from "../find/description.ts";

/** What a plugin provides, as data: everything but its functions. */
export function describe(plugin: Plugin): Description {
  const {
    name,
    api,
    version,
    waitKinds = [],
    queueSources = [],
    notifiers = [],
    logProviders = [],
    reviewers = [],
  } = plugin;
  return {
    name,
    api,
    version,
    waitKinds: waitKinds.map((kind) => ({ ...data(kind), has: OPTIONAL.filter((call) => kind[call]) })),
    queueSources: queueSources.map((source) => ({ ...data(source), has: source.runs ? ["runs"] : [] })),
    notifiers: notifiers.map((notifier) => ({ ...data(notifier), has: notifier.missing ? ["missing"] : [] })),
    // Data already; whoever asked checks it.
    ...(logProviders.length > 0 ? { logProviders: data(logProviders) as readonly LogProvider[] } : {}),
    ...(reviewers.length > 0 ? { reviewers: data(reviewers) as readonly Reviewer[] } : {}),
  };
}

const OPTIONAL: readonly OptionalCall[] = ["begin", "end", "complete", "runs"];

function data<T extends WaitKind | QueueSource | Notifier | Plugin["logProviders"] | Plugin["reviewers"]>(part: T): T {
  return JSON.parse(JSON.stringify(part)) as T;
}
