import type { Notifier } from "./notifier.ts";
import type { OptionSpecs } from "./options.ts";
import type { QueueSource } from "./queue-source.ts";
import type { WaitKind } from "./wait-kind.ts";

/** Major version of this contract. {@link definePlugin} refuses a plugin that names another. */
export const API_VERSION = 1;

/** What a plugin module default-exports. */
export interface Plugin {
  readonly name: string;
  /** Major version of this contract that the plugin was written for. Default: the current one. */
  readonly api?: number;
  readonly version?: string;
  readonly waitKinds?: readonly WaitKind[];
  readonly queueSources?: readonly QueueSource[];
  readonly notifiers?: readonly Notifier[];
  /** CI services whose logs are read, as `defineLogProvider` of `@broomva/p9/provider` makes them; checked when p9 asks what there is. */
  readonly logProviders?: readonly { readonly name: string }[];
  /** Review bots, as `defineReviewer` makes them; checked when p9 asks what there is. */
  readonly reviewers?: readonly { readonly name: string }[];
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * Checks and returns a wait kind.
 *
 * @throws {TypeError} naming what is wrong.
 */
export function defineWaitKind<K extends WaitKind>(kind: K): K {
  check("wait kind", kind, ["pin", "look"]);
  return kind;
}

/**
 * Checks and returns a queue source.
 *
 * @throws {TypeError} naming what is wrong.
 */
export function defineQueueSource<S extends QueueSource>(source: S): S {
  check("queue source", source, ["discover"]);
  return source;
}

/**
 * Checks and returns a notifier.
 *
 * @throws {TypeError} naming what is wrong.
 */
export function defineNotifier<N extends Notifier>(notifier: N): N {
  check("notifier", notifier, ["deliver"]);
  return notifier;
}

/**
 * Checks and returns a plugin: the default export of its module.
 *
 * @throws {TypeError} naming what is wrong.
 */
export function definePlugin<P extends Plugin>(plugin: P): P {
  const name: unknown = plugin?.name;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw new TypeError(`Cannot define plugin "${name}": wanted a kebab-case name`);
  }
  if (plugin.api !== undefined && plugin.api !== API_VERSION) {
    throw new TypeError(
      `Cannot use plugin "${plugin.name}": it is written for API ${plugin.api}, this p9 has API ${API_VERSION}`,
    );
  }
  for (const list of ["waitKinds", "queueSources", "notifiers", "logProviders", "reviewers"] as const) {
    if (!Array.isArray(plugin[list] ?? []))
      throw new TypeError(`Cannot define plugin "${name}": "${list}" is no array`);
  }
  for (const kind of plugin.waitKinds ?? []) defineWaitKind(kind);
  for (const source of plugin.queueSources ?? []) defineQueueSource(source);
  for (const notifier of plugin.notifiers ?? []) defineNotifier(notifier);
  return plugin;
}

function check(
  what: string,
  part: {
    readonly name: string;
    readonly summary: string;
    readonly options?: OptionSpecs;
  },
  methods: readonly string[],
): void {
  const name = String(part?.name);
  const refuse = (why: string): never => {
    throw new TypeError(`Cannot define ${what} "${name}": ${why}`);
  };
  if (typeof part?.name !== "string" || !NAME.test(name)) refuse("wanted a kebab-case name");
  if (typeof part.summary !== "string" || !part.summary) refuse("wanted a summary of one line");
  for (const method of methods)
    if (typeof Reflect.get(part, method) !== "function") refuse(`wanted a function "${method}"`);
  for (const [option, spec] of Object.entries(part.options ?? {})) {
    if (!NAME.test(option)) refuse(`option "${option}" is not kebab-case`);
    if (!["string", "number", "boolean", "duration", "strings"].includes(spec?.type))
      refuse(`option "${option}" has no known type`);
  }
}
