import { privateHostsIn, privateHostsNote } from "../base/address.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import type { PluginContext, TrustSubject } from "../contract/context.ts";
import { credentialNames } from "../providers/variables.ts";
import { defineLogProvider } from "./describe/define.ts";
import { described } from "./describe/entry.ts";
import type { LogProvider } from "./describe/log-provider.ts";
import type { LogAsker } from "./send.ts";

/** A log provider that may be asked, or the reason why not. */
export interface KnownLogProvider {
  readonly provider: LogProvider;
  /** Why it is not asked. */
  readonly problem: string | null;
  /** Of what a repository named: the hosts of this machine and its network that it may reach. */
  readonly privateHosts?: readonly string[];
}

/** The built-in log providers by name. */
export type LogProviderTable = Readonly<Record<string, () => Promise<LogProvider>>>;

/** Where log providers are configured, and whether a repository's may be asked. */
export type LogProviderPlace = Pick<PluginContext, "config" | "env" | "trusted" | "logProviders">;

const KEY = "log_providers";

/**
 * All log providers: those of the configuration, the built-in ones, then those of plugins. An entry that is not trusted is there with the
 * reason, one that has not the form of a log provider is left out.
 */
export async function knownLogProviders(
  table: LogProviderTable,
  place: LogProviderPlace,
): Promise<readonly KnownLogProvider[]> {
  const entries = await Promise.all(
    entriesOf(place.config).map(([name, entry]) => configured(table, name, entry, place)),
  );
  const builtIn = await Promise.all(
    Object.values(table).map(async (load) => ({ provider: await load(), problem: null })),
  );
  // Typed only; `usable` checks it.
  const ofPlugins = (await place.logProviders()).map((one) => usable(one as LogProvider)).filter((one) => one !== null);
  return [...entries.flat(), ...builtIn, ...ofPlugins.map((provider) => ({ provider, problem: null }))];
}

/** The trust subjects of a repository's log providers. What the user's own configuration says is none. */
export async function logProviderSubjects(
  table: LogProviderTable,
  { config, trusted }: Pick<LogProviderPlace, "config" | "trusted">,
): Promise<readonly TrustSubject[]> {
  const subjects = entriesOf(config).map(async ([name, entry]) =>
    (await isUsersOwn(entry, trusted)) ? [] : [await subjectOf(table, name, entry)],
  );
  return (await Promise.all(subjects)).flat();
}

/** A context in which a repository's provider reaches no host of this machine or its network that `p9 trust` did not show. */
export function permittedContext<C extends LogAsker>({ privateHosts }: KnownLogProvider, context: C): C {
  if (privateHosts === undefined) return context;
  return { ...context, fetch: (url, init) => context.fetch(url, { privateHosts, ...init }) };
}

/** Names of a provider's variables: credentials, its address, its parameters. */
export function logProviderVariables(provider: LogProvider): string[] {
  const others = [provider.base, ...Object.values(provider.params ?? {})].flatMap((one) => one?.env ?? []);
  return [...new Set([...credentialNames(provider), ...others])];
}

function entriesOf(config: JsonObject): [name: string, entry: JsonObject][] {
  const block = config[KEY];
  if (!isObject(block)) return [];
  return Object.entries(block).flatMap(([name, entry]) => (isObject(entry) ? [[name, entry as JsonObject]] : []));
}

async function configured(
  table: LogProviderTable,
  name: string,
  entry: JsonObject,
  { trusted, env }: LogProviderPlace,
): Promise<KnownLogProvider[]> {
  const key = `ci_watch.${KEY}.${name}`;
  const provider = usable(await describe(table, name, entry));
  // Whoever loads the policy says what is wrong with it.
  if (provider === null) return [];
  if (await isUsersOwn(entry, trusted)) return [{ provider, problem: null }];
  const { subject, content } = await subjectOf(table, name, entry);
  const overruled = provider.base?.env ? env[provider.base.env]?.trim() : undefined;
  if (await trusted(subject, content)) {
    return [{ provider, problem: null, privateHosts: privateHostsIn([entry, provider.base, { url: overruled }]) }];
  }
  return [{ provider, problem: `Its log is not read before "${key}" is trusted: run p9 trust` }];
}

/** An entry as a description: of its own, or a built-in one with some keys overruled. */
async function describe(table: LogProviderTable, name: string, entry: JsonObject): Promise<LogProvider> {
  const builtIn = typeof entry.use === "string" ? entry.use : name;
  const load = Object.hasOwn(table, builtIn) ? table[builtIn] : undefined;
  return described(name, entry, load ? await load() : null);
}

/** A description that has the form of one, or null. */
function usable(description: LogProvider): LogProvider | null {
  try {
    return defineLogProvider(description);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** What `p9 trust` shows: the entry, the variables that it sends, and the hosts in it that are not public. */
async function subjectOf(table: LogProviderTable, name: string, entry: JsonObject): Promise<TrustSubject> {
  const provider = usable(await describe(table, name, entry));
  const names = provider ? credentialNames(provider) : [];
  const sends = names.length > 0 ? `Sends ${names.join(", ")} to ${provider?.base?.url ?? provider?.base?.env}` : "";
  const note = privateHostsNote([entry, provider?.base]);
  return { subject: `ci_watch.${KEY}.${name}`, content: [asWritten(entry), sends, note].filter(Boolean).join("\n\n") };
}

const asWritten = (entry: JsonObject) => JSON.stringify(entry, null, 2);

function isUsersOwn(entry: JsonObject, trusted: PluginContext["trusted"]): Promise<boolean> {
  return trusted("", asWritten(entry));
}
