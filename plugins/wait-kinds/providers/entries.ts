import {
  isObject,
  type JsonObject,
  type PluginContext,
  privateHostsNote,
  type RunsContext,
  TrustError,
  type TrustSubject,
} from "../../../src/plugin.ts";
import type { Provider, TargetWatcher } from "../../../src/provider.ts";
import { onItsTerms, placesIn } from "./on-its-terms.ts";
import { byName } from "./registry.ts";

/** A block of the policy that names services, and the built-in ones that it may name. */
export interface Block {
  readonly key: "providers" | "index_sync";
  readonly waits: Provider["waits"];
  readonly table: Parameters<typeof byName>[0];
}

/** The entries of a block by name, as they are written. */
export function entriesOf(config: JsonObject, key: Block["key"]): [name: string, entry: JsonObject][] {
  const block = config[key];
  if (!isObject(block)) return [];
  return Object.entries(block).flatMap(([name, entry]) => (isObject(entry) ? [[name, entry as JsonObject]] : []));
}

/** Keys of an entry that are p9's own and no values of its provider. They name, and say when. */
export const OWN_KEYS: readonly string[] = ["use", "provider", "branches", "paths", "title"];

/** The built-in provider that an entry gives values to, or null. */
export function builtIn({ table }: Block, name: string, entry: JsonObject): Promise<TargetWatcher | null> {
  return byName(table, String(entry.use ?? entry.provider ?? name));
}

/**
 * The trust subject of an entry. Null for one that gives a built-in provider nothing but values that neither run anything nor say
 * where to: everything else is asked about, also what p9 does not know.
 */
async function trustOf(block: Block, name: string, entry: JsonObject): Promise<TrustSubject | null> {
  const isDescribed = ["request", "cmd", "url"].some((key) => key in entry);
  const watcher = "request" in entry ? null : await builtIn(block, name, entry);
  // p9 has no use for it: it may be a third party's.
  if (watcher === null && !isDescribed) return null;
  const harmless = watcher?.harmless;
  if (harmless && Object.keys(entry).every((key) => OWN_KEYS.includes(key) || harmless.includes(key))) return null;
  const note = privateHostsNote(placesIn(entry, watcher));
  const commands = commandsIn(entry);
  const runs = commands.length > 0 ? { command: commands.join("\n") } : {};
  const content = [asWritten(entry), note].filter(Boolean).join("\n\n");
  return { subject: `ci_watch.${block.key}.${name}`, content, ...runs };
}

/** Command lines of an entry: its own, and those of requests that run a program. */
function commandsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(commandsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key !== "cmd" && key !== "run" && key !== "argv") return commandsIn(inner);
    if (typeof inner === "string") return [inner];
    return Array.isArray(inner) ? [inner.filter((word) => typeof word === "string").join(" ")] : commandsIn(inner);
  });
}

const asWritten = (entry: JsonObject) => JSON.stringify(entry, null, 2);

/** The trust subjects of a block: the `runs` of the kind that reads it. What the user's own configuration says is none. */
export async function entrySubjects({ config, trusted }: RunsContext, block: Block): Promise<readonly TrustSubject[]> {
  const subjects = entriesOf(config, block.key).map(async ([name, entry]) =>
    (await isUsersOwn(entry, { trusted })) ? [] : ((await trustOf(block, name, entry)) ?? []),
  );
  return (await Promise.all(subjects)).flat();
}

/** Whether the user's own configuration says the same: no subject of that name is ever granted. */
function isUsersOwn(entry: JsonObject, { trusted }: Pick<PluginContext, "trusted">): Promise<boolean> {
  return trusted("", asWritten(entry));
}

/**
 * The watcher of an entry. One that a repository names asks only where the entry says, and nothing of this machine or its network that
 * `p9 trust` did not show.
 *
 * @throws {TrustError} when the entry must be trusted first.
 */
export async function permitted(
  block: Block,
  name: string,
  entry: JsonObject,
  make: () => TargetWatcher,
  context: Pick<PluginContext, "trusted">,
): Promise<TargetWatcher> {
  const asked = await trustOf(block, name, entry);
  if (asked === null || (await isUsersOwn(entry, context))) return make();
  if (await context.trusted(asked.subject, asked.content, asked.command)) return onItsTerms(make(), entry);
  throw new TrustError(`Cannot use "${asked.subject}" before it is trusted: run p9 trust`);
}
