import { isObject, type JsonObject, type PluginContext, TrustError, type TrustSubject } from "../../../src/plugin.ts";

/** A block of the policy that names services. */
export type BlockKey = "providers" | "index_sync";

/** The entries of a block by name, as they are written. */
export function entriesOf(config: JsonObject, key: BlockKey): [name: string, entry: JsonObject][] {
  const block = config[key];
  if (!isObject(block)) return [];
  return Object.entries(block).flatMap(([name, entry]) => (isObject(entry) ? [[name, entry as JsonObject]] : []));
}

/** Keys that decide which credential is sent where, or what program runs. */
const DELICATE = ["request", "cmd", "base", "auth", "host", "port"];

/** The trust subject of an entry; null for one that can neither send a credential nor run a program. */
function trustOf(key: BlockKey, name: string, entry: JsonObject): TrustSubject | null {
  const sendsSecrets = JSON.stringify(entry.headers ?? "").includes("{env:");
  if (!sendsSecrets && !DELICATE.some((one) => one in entry)) return null;
  const commands = commandsIn(entry);
  const runs = commands.length > 0 ? { command: commands.join("\n") } : {};
  return { subject: `ci_watch.${key}.${name}`, content: JSON.stringify(entry, null, 2), ...runs };
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

/** The trust subjects of a block: the `runs` of the kind that reads it. */
export function entrySubjects(config: JsonObject, key: BlockKey): readonly TrustSubject[] {
  return entriesOf(config, key).flatMap(([name, entry]) => trustOf(key, name, entry) ?? []);
}

/** Refuses an untrusted entry that could send a credential or run a program. @throws {TrustError} */
export async function needTrust(
  key: BlockKey,
  name: string,
  entry: JsonObject,
  { trusted }: Pick<PluginContext, "trusted">,
): Promise<void> {
  const asked = trustOf(key, name, entry);
  if (asked === null || (await trusted(asked.subject, asked.content, asked.command))) return;
  throw new TrustError(`Cannot use "${asked.subject}" before it is trusted: run p9 trust`);
}
