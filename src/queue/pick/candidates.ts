import type { QueueSource } from "../../contract/queue-source.ts";
import { findQueueSource } from "../../plugins-host/find/resolve.ts";
import type { PluginProblem } from "../../plugins-host/find/scope.ts";
import { thirdPartySources } from "../../plugins-host/find/third-party.ts";
import type { QueueItem } from "../store/fold.ts";
import type { Candidate, Draft } from "../store/queue.ts";
import type { Workplace } from "../workplace.ts";
import { askSource, type SourceProblem } from "./ask-source.ts";
import { type Listed, listItems, removeStale, type Stale } from "./availability.ts";
import { inOrder, type Rankable } from "./order.ts";
import { BUILT_IN_SOURCES } from "./source-rank.ts";

/** What to look through. */
export interface PickOptions {
  /** Items of every session. */
  readonly all?: boolean;
  /** Ask the sources; else only what is in the queue. Default true. */
  readonly discover?: boolean;
  /** Ask a source also when items were pushed under its name: to see all there is. */
  readonly every?: boolean;
  /** Only these sources are asked (a hook that must be quick). Default: all. */
  readonly only?: readonly string[];
}

/** A candidate with the reasons for its place. */
export interface Choice {
  readonly candidate: Candidate;
  readonly why: string;
}

/** What a search came upon on its way. */
export interface Search {
  readonly problems: SourceProblem[];
  /** Offered work that only people may do: it is noted, and listed. */
  readonly blocked: Draft[];
  /** Items that their source does not offer any more. */
  readonly withdrawn: QueueItem[];
  /** What keeps items of the queue from being handed out. */
  readonly held: { blocked: number; leased: number; waiting: number };
  readonly stale: Stale;
}

/**
 * Everything that could be handed out, source by source, each lot best first. The next source is only asked when the caller
 * goes on: when it could claim nothing of the lots before.
 */
export async function* choices(
  place: Workplace,
  options: PickOptions,
  into: (search: Search) => void,
): AsyncGenerator<readonly Choice[]> {
  const { listed, stale } = listItems(place.surroundings(options.all ? null : place.family));
  const held = { blocked: 0, leased: 0, waiting: 0 };
  for (const { status } of listed) if (status !== "available") held[status] += 1;
  const search: Search = { problems: [], blocked: [], withdrawn: [], held, stale };
  into(search);
  const free = listed.filter(({ status }) => status === "available");
  const asked = new Set<string>();
  for await (const source of sourcesInOrder(place, options, search)) {
    asked.add(source.name);
    const own = listed.filter(({ item }) => item.source === source.name);
    yield await rank(place, await lot(place, source, own, options, search));
  }
  const rest = free.filter(({ item }) => !asked.has(item.source));
  if (rest.length > 0) yield await rank(place, { stored: rest, drafts: [] });
}

interface SourceToAsk {
  readonly name: string;
  load(): Promise<QueueSource | null>;
}

/** Sources in the order in which they are asked; third-party ones are looked up only when it comes to them. */
async function* sourcesInOrder(
  { input }: Workplace,
  options: PickOptions,
  search: Search,
): AsyncGenerator<SourceToAsk> {
  const report = ({ plugin, message }: PluginProblem) =>
    void search.problems.push({ source: plugin, kind: "failed", message });
  const scope = { home: input.home, env: input.env, cwd: input.cwd, report };
  for (const name of BUILT_IN_SOURCES) yield { name, load: () => findQueueSource(name, scope) };
  if (options.discover === false || options.only) return;
  for (const source of await thirdPartySources(scope, { taken: BUILT_IN_SOURCES })) {
    yield { name: source.name, load: async () => source };
  }
}

interface Lot {
  readonly stored: readonly Listed[];
  readonly drafts: readonly Draft[];
}

/** What one source has: what somebody pushed under its name, else what it offers now. */
async function lot(
  place: Workplace,
  { name, load }: SourceToAsk,
  listed: readonly Listed[],
  options: PickOptions,
  search: Search,
): Promise<Lot> {
  const stored = listed.filter(({ status }) => status === "available");
  const pushed = !options.every && stored.some(({ item }) => !item.discovered);
  const asks = options.discover !== false && (!options.only || options.only.includes(name));
  const source = pushed || !asks ? null : await load();
  if (!source) return { stored, drafts: [] };
  const asked = await askSource(source, (signal) => place.contextFor(name, signal));
  search.problems.push(...asked.problems);
  const drafts = asked.items.map((found) => place.draftOf(name, found));
  const keys = new Set(drafts.map(({ key }) => key));
  const isGone = ({ item }: Listed) =>
    asked.complete && item.discovered && !keys.has(item.key) && sameSight(item, place);
  search.withdrawn.push(...listed.filter(isGone).map(({ item }) => item));
  const kept = stored.filter((one) => !isGone(one));
  const known = new Set(kept.map(({ item }) => item.key));
  search.blocked.push(...drafts.filter((draft) => draft.isolation_tier === "blocked"));
  return {
    stored: kept,
    drafts: drafts.filter((draft) => draft.isolation_tier !== "blocked" && !known.has(draft.key ?? null)),
  };
}

/** A source that looks at another pull request says nothing about what it offered for this one. */
function sameSight(item: QueueItem, place: Workplace): boolean {
  const { pr, input } = place;
  return (
    item.session_id === input.session && item.pr === (pr?.number ?? null) && item.repo === (pr?.repo ?? input.repo)
  );
}

interface Entry extends Rankable {
  readonly candidate: Candidate;
  readonly after: string | null;
}

async function rank(place: Workplace, { stored, drafts }: Lot): Promise<readonly Choice[]> {
  const entries: readonly Entry[] = [
    ...stored.map(({ item, after }) => ({ ...rankable(item, item.created_at), candidate: { stored: item }, after })),
    ...drafts.map((draft) => ({ ...rankable(draft, null), candidate: { draft }, after: null })),
  ];
  const needsChanges = entries.length > 1 && entries.some(({ files }) => files.length > 0);
  const changed = needsChanges ? await place.changes.files().catch(() => []) : [];
  return inOrder(entries, { etaS: place.etaS, changed }).map(({ item: { candidate, after }, why }) => {
    const { source, why: offered } = candidate.stored ?? candidate.draft;
    const rank = why.length === 0 && entries.length > 1 ? [`first of ${entries.length}`] : why;
    return {
      candidate,
      why: [offered ? `${source}: ${offered}` : source, ...(after ? [after] : []), ...rank].join("; "),
    };
  });
}

function rankable(item: Pick<Draft, "files" | "minutes">, createdAt: string | null): Rankable {
  return { files: item.files ?? [], minutes: item.minutes ?? null, created_at: createdAt };
}

/** Keeps what a search learnt: items of no use leave, work that is for people is listed. */
export async function keepLearnt(place: Workplace, search: Search): Promise<void> {
  const { queue } = place;
  await removeStale(queue, search.stale);
  const ids = new Set(search.withdrawn.map(({ id }) => id));
  if (ids.size > 0) await queue.remove((item) => ids.has(item.id) && !queue.leased(item), "withdrawn");
  await queue.note(search.blocked);
}
