import { oneLine } from "../base/text.ts";
import type { Find, Provider } from "./describe/provider.ts";
import { first, firstText, moment, reach } from "./pointer.ts";
import { type Asker, ask, MISSING } from "./request.ts";
import type { Values } from "./template.ts";

/** One entry of a provider's list. */
export interface Listed {
  readonly id: string;
  readonly commit: string | undefined;
  readonly environment: string | undefined;
  readonly item: unknown;
}

/** A provider's list, newest first; empty when it knows no such list. */
export async function list(provider: Provider, find: Find, values: Values, context: Asker): Promise<Listed[]> {
  const document = await ask(provider, find.request, values, context);
  if (document === MISSING) return [];
  return reach(document, find.items)
    .flat()
    .map((item, position) => ({ item, position, created: moment(first(item, find.created)) ?? 0 }))
    .sort((a, b) => b.created - a.created || a.position - b.position)
    .flatMap(({ item }) => {
      const id = firstText(item, find.id);
      const environment = firstText(item, find.environment) ?? find.defaultEnvironment;
      return id === undefined ? [] : [{ id, item, commit: commitOf(find, item), environment }];
    });
}

/** The newest entry of the commit (and of the environment, when one was asked for). */
export function newestOf(entries: readonly Listed[], find: Find, values: Values): Listed | undefined {
  return entries.find((entry) => isCommit(entry, find, values.sha) && inEnvironment(entry, values.environment));
}

/** An entry that is newer than `id`, of another commit, for the same environment: the one that took its place. */
export function successorOf(entries: readonly Listed[], id: string, find: Find, values: Values): Listed | undefined {
  const at = entries.findIndex((entry) => entry.id === id);
  const own = entries[at];
  if (!own) return undefined;
  return entries
    .slice(0, at)
    .find((entry) => !isCommit(entry, find, values.sha) && inEnvironment(entry, values.environment ?? own.environment));
}

/** The name of an entry: its short commit, else its id. */
export function nameOf(entry: Listed): string {
  return oneLine(entry.commit && /^[0-9a-f]{40}$/.test(entry.commit) ? entry.commit.slice(0, 7) : entry.id, 60);
}

function commitOf(find: Find, item: unknown): string | undefined {
  return find.commit.map((pointer) => firstText(item, pointer)).find((text) => text !== undefined);
}

function isCommit(entry: Listed, find: Find, sha: string | undefined): boolean {
  if (!sha || !entry.commit) return false;
  if (find.commitInText) {
    return (entry.commit.match(/[0-9a-f]{7,40}/gi) ?? []).some((word) => sha.startsWith(word.toLowerCase()));
  }
  const commit = entry.commit.toLowerCase();
  return commit.length >= 7 && sha.startsWith(commit);
}

function inEnvironment(entry: Listed, environment: string | undefined): boolean {
  return (
    environment === undefined ||
    entry.environment === undefined ||
    entry.environment.toLowerCase() === environment.toLowerCase()
  );
}
