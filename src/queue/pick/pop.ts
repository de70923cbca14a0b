import type { IsolationTier } from "../../contract/queue-source.ts";
import { StateError } from "../../core/errors.ts";
import type { QueueItem } from "../store/fold.ts";
import type { Workplace } from "../workplace.ts";
import type { SourceProblem } from "./ask-source.ts";
import { type Choice, choices, keepLearnt, type PickOptions, type Search } from "./candidates.ts";

/** An item as users and other programs see it (contract, `wait-queue`). */
export interface PoppedItem {
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
export function publicItem(item: QueueItem, tier: IsolationTier, why: string): PoppedItem {
  const { id, source, created_at, pr, session_id, repo, files, minutes } = item;
  const base = { id, source, item: item.item, created_at, pr, isolation_tier: tier, session_id, repo, files, minutes };
  return { ...base, lease_until: item.lease?.until ?? null, why };
}

/** What came of looking for work. */
export interface Popped {
  readonly item: PoppedItem | null;
  readonly problems: readonly SourceProblem[];
  /** How many items of the queue cannot be handed out, and why. */
  readonly held: Search["held"];
}

/** Claims are tried in lots: most of the time the first succeeds. */
const LOT = 20;

/** Hands out the best piece of work with a lease of `leaseMs`, or null when there is none. */
export async function pop(place: Workplace, options: PickOptions & { readonly leaseMs: number }): Promise<Popped> {
  let search: Search | undefined;
  let item: PoppedItem | null = null;
  for await (const lot of choices(place, options, (begun) => (search = begun))) {
    item = await claimOf(place, lot, options.leaseMs);
    if (item) break;
  }
  if (search) await keepLearnt(place, search).catch(passStateError);
  return { item, problems: search?.problems ?? [], held: search?.held ?? { blocked: 0, leased: 0, waiting: 0 } };
}

/** What a search learnt can be learnt again: it must not cost the item that was just leased. */
function passStateError(error: unknown): void {
  if (!(error instanceof StateError)) throw error;
}

async function claimOf(place: Workplace, lot: readonly Choice[], leaseMs: number): Promise<PoppedItem | null> {
  for (let at = 0; at < lot.length; at += LOT) {
    const part = lot.slice(at, at + LOT);
    const candidates = part.map(({ candidate }) => candidate);
    const claimed = await place.queue.claim(candidates, place.input.session, leaseMs);
    if (!claimed) continue;
    const tier = await place.tierOf(claimed);
    const chosen = part.find(({ candidate }) =>
      candidate.stored ? candidate.stored.id === claimed.id : candidate.draft.key === claimed.key,
    );
    const why = `${chosen?.why ?? claimed.source}; ${tier.tier}: ${tier.why}`;
    return publicItem(claimed, tier.tier, why);
  }
  return null;
}
