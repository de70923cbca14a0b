import type { IsolationTier } from "../../contract/queue-source.ts";
import { StateError } from "../../core/errors.ts";
import { tierOf } from "../isolation/work-tier.ts";
import type { QueueContext } from "../queue-context.ts";
import type { QueueItem } from "../store/fold.ts";
import type { SourceProblem } from "./ask-source.ts";
import { type ItemStatus, type Listed, listItems, removeStale, type Stale } from "./availability.ts";
import { batches, type PickOptions, type RankedCandidate } from "./batches.ts";
import type { Findings } from "./discover.ts";

/** An item as users and other programs see it (contract, `wait-queue`). */
export interface PublicItem {
  readonly id: string;
  readonly source: string;
  readonly item: string;
  readonly created_at: string;
  readonly pr: number | null;
  readonly isolation_tier: IsolationTier;
  readonly session_id: string | null;
  readonly repo: string | null;
  readonly files: readonly string[];
  readonly minutes: number | null;
  readonly lease_until: string | null;
  readonly why: string;
}

/** An item's public form. */
export function publicItem(item: QueueItem, tier: IsolationTier, why: string): PublicItem {
  const { id, source, created_at, pr, session_id, repo, files, minutes } = item;
  const base = { id, source, item: item.item, created_at, pr, isolation_tier: tier, session_id, repo, files, minutes };
  return { ...base, lease_until: item.lease?.until ?? null, why };
}

/** Items of the queue that cannot be handed out now, by what keeps them. */
export type Held = Readonly<Record<Exclude<ItemStatus, "available">, number>>;

/** Result of {@link pop}. */
export interface Popped {
  readonly item: PublicItem | null;
  readonly problems: readonly SourceProblem[];
  /** How many items of the queue cannot be handed out, and why. */
  readonly held: Held;
  /** How many items only other sessions see. */
  readonly others: number;
}

/** Number of candidates per claim; most of the time the first succeeds. */
const CLAIMS = 20;

/** Hands out the best piece of work with a lease of `leaseMs`, or null when there is none. */
export async function pop(context: QueueContext, options: PickOptions & { readonly leaseMs: number }): Promise<Popped> {
  const { listed, others, stale } = listItems(context, options.all ? null : context.family);
  const found: Findings[] = [];
  let item: PublicItem | null = null;
  for await (const batch of batches(context, listed, options)) {
    found.push(batch.found);
    item = await claimOf(context, batch.candidates, options.leaseMs);
    if (item) break;
  }
  const withdrawn = withdrawnIn(context, found);
  await recordFindings(context, stale, found, withdrawn);
  const held = heldOf(listed.filter((one) => !withdrawn(one.item)));
  return { item, problems: found.flatMap(({ problems }) => problems), held, others };
}

/** Tells what a source does not offer any more, and so leaves. */
function withdrawnIn({ queue, family }: QueueContext, found: readonly Findings[]): (item: QueueItem) => boolean {
  const ids = new Set(found.flatMap(({ withdrawn }) => withdrawn.map(({ id }) => id)));
  // Who asks for more has ended what is not offered any more; another session may be at work on it.
  const isOthers = (item: QueueItem) => queue.leased(item) && !family.has(item.lease?.session_id ?? "");
  return (item) => ids.has(item.id) && !isOthers(item);
}

function heldOf(listed: readonly Listed[]): Held {
  const held = { blocked: 0, leased: 0, waiting: 0 };
  for (const { status } of listed) if (status !== "available") held[status] += 1;
  return held;
}

/** Records findings: removes stale and withdrawn items, and lists work that is for people. */
async function recordFindings(
  { queue }: QueueContext,
  stale: Stale,
  found: readonly Findings[],
  withdrawn: (item: QueueItem) => boolean,
): Promise<void> {
  try {
    await removeStale(queue, stale);
    if (found.some((one) => one.withdrawn.length > 0)) await queue.remove(withdrawn, "withdrawn");
    await queue.note(found.flatMap(({ blocked }) => blocked));
  } catch (error) {
    // Findings can be made again; losing them must not cost the item that was just leased.
    if (!(error instanceof StateError)) throw error;
  }
}

async function claimOf(
  context: QueueContext,
  ranked: readonly RankedCandidate[],
  leaseMs: number,
): Promise<PublicItem | null> {
  for (let at = 0; at < ranked.length; at += CLAIMS) {
    const part = ranked.slice(at, at + CLAIMS);
    const candidates = part.map(({ candidate }) => candidate);
    const claimed = await context.queue.claim(candidates, context.input.session, leaseMs);
    if (!claimed) continue;
    const tier = await tierOf(claimed, context);
    const chosen = part.find(({ candidate }) =>
      candidate.stored ? candidate.stored.id === claimed.id : candidate.draft.key === claimed.key,
    );
    const why = `${chosen?.why ?? claimed.source}; ${tier.tier}: ${tier.why}`;
    return publicItem(claimed, tier.tier, why);
  }
  return null;
}
