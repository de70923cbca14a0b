import type { QueueSource } from "../../contract/queue-source.ts";
import { findQueueSource } from "../../plugins-host/find/resolve.ts";
import { thirdPartySources } from "../../plugins-host/find/third-party.ts";
import type { QueueContext } from "../queue-context.ts";
import type { Candidate, Draft } from "../store/queue.ts";
import type { SourceProblem } from "./ask-source.ts";
import type { Listed } from "./availability.ts";
import { type Discovered, discover, type Findings, NOTHING } from "./discover.ts";
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
}

/** A candidate with the reasons for its rank. */
export interface RankedCandidate {
  readonly candidate: Candidate;
  readonly why: string;
}

/** The candidates of one source, best first, and other findings of asking it. */
export interface Batch {
  readonly candidates: readonly RankedCandidate[];
  readonly found: Findings;
}

/**
 * Yields candidates source by source. Asks the next source only when the caller continues, because it could claim none of the
 * batches before. `listed`: the items of the queue.
 */
export async function* batches(
  context: QueueContext,
  listed: readonly Listed[],
  options: PickOptions,
): AsyncGenerator<Batch> {
  const { home, env, cwd } = context.input;
  const of = (source: string) => listed.filter(({ item }) => item.source === source);
  for (const name of BUILT_IN_SOURCES)
    yield batch(
      context,
      await workOf(context, name, () => findQueueSource(name, { home, env, cwd }), of(name), options),
    );
  const others = new Set(listed.map(({ item }) => item.source).filter((name) => !BUILT_IN_SOURCES.includes(name)));
  if (options.discover !== false) {
    // Look up third-party sources only when they are needed.
    const { sources, problems } = await thirdParties({ home, env, cwd });
    if (problems.length > 0) yield { candidates: [], found: { ...NOTHING, problems } };
    for (const source of sources) {
      others.delete(source.name);
      yield batch(context, await workOf(context, source.name, async () => source, of(source.name), options));
    }
  }
  const rest = available(listed).filter(({ item }) => others.has(item.source));
  if (rest.length > 0) yield batch(context, { stored: rest, drafts: [], found: NOTHING });
}

async function thirdParties(scope: { home: string; env: QueueContext["input"]["env"]; cwd: string }) {
  const problems: SourceProblem[] = [];
  const sources = await thirdPartySources(
    { ...scope, report: ({ plugin, message }) => void problems.push({ source: plugin, kind: "failed", message }) },
    { taken: BUILT_IN_SOURCES },
  );
  return { sources, problems };
}

function available(listed: readonly Listed[]): readonly Listed[] {
  return listed.filter(({ status }) => status === "available");
}

/** The work of one source: items pushed under its name, else what it offers now. */
async function workOf(
  context: QueueContext,
  name: string,
  load: () => Promise<QueueSource | null>,
  listed: readonly Listed[],
  options: PickOptions,
): Promise<Discovered> {
  const stored = available(listed);
  const pushed = !options.every && stored.some(({ item }) => !item.discovered);
  const source = pushed || options.discover === false ? null : await load();
  return source ? discover(context, source, name, listed) : { stored, drafts: [], found: NOTHING };
}

async function batch(context: QueueContext, { stored, drafts, found }: Discovered): Promise<Batch> {
  const all = [
    ...stored.map(({ item, afterText }) => rankable({ stored: item }, afterText)),
    ...drafts.map((draft) => rankable({ draft }, null)),
  ];
  const needsChanges = all.length > 1 && all.some(({ files }) => files.length > 0);
  const changed = needsChanges ? await context.changes.files().catch(() => []) : [];
  const candidates = inOrder(all, { etaS: context.etaS, changed }).map(({ item: { candidate, why }, why: fits }) => {
    const rank = fits.length === 0 && all.length > 1 ? [`first of ${all.length}`] : fits;
    return { candidate, why: [why, ...rank].join("; ") };
  });
  return { candidates, found };
}

/** A candidate with what it is ranked by. What a source offers keeps the source's order, so its age is left out. */
function rankable(candidate: Candidate, afterText: string | null): RankedCandidate & Rankable {
  const work = candidate.stored ?? candidate.draft;
  return {
    candidate,
    why: whyOf(work, afterText),
    files: work.files ?? [],
    minutes: work.minutes ?? null,
    created_at: candidate.stored?.created_at ?? null,
  };
}

/** Why a piece of work is offered, whatever its rank: its source, with the source's reason, and the wait that it comes after. */
export function whyOf({ source, why }: Pick<Draft, "source" | "why">, afterText: string | null): string {
  return [why ? `${source}: ${why}` : source, ...(afterText ? [afterText] : [])].join("; ");
}
