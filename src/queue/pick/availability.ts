import { isRunning } from "../../core/states.ts";
import { waitName } from "../../core/wait-name.ts";
import type { View } from "../../store/fold.ts";
import type { Store } from "../../store/store.ts";
import { bareTier } from "../isolation/work-tier.ts";
import type { QueueContext, QueueContextInput } from "../queue-context.ts";
import type { QueueItem } from "../store/fold.ts";
import { isVisibleTo, type Queue } from "../store/queue.ts";
import { finalPrs, prTag } from "./final-prs.ts";

/** `waiting`: for the wait that `--after` named. */
export type ItemStatus = "available" | "leased" | "waiting" | "blocked";

/** An item that is still of use, and whether it can be handed out. */
export interface Listed {
  readonly item: QueueItem;
  readonly status: ItemStatus;
  /** How the wait that it came after ended (or that it still runs), for people; null when it came after none. */
  readonly afterText: string | null;
}

/** What the availability of items depends on; see {@link QueueContext}. */
export interface Surroundings extends Pick<QueueContext, "queue" | "isolation"> {
  readonly input: Pick<QueueContextInput, "store" | "clock" | "env">;
}

/** What a session sees of the queue. */
export interface Listing {
  readonly listed: readonly Listed[];
  /** How many items only other sessions see. */
  readonly others: number;
  readonly stale: Stale;
}

/**
 * Items that the sessions of `family` see, oldest first, without those whose pull request is final or whose time is over. Null:
 * items of every session.
 */
export function listItems(around: Surroundings, family: ReadonlySet<string> | null): Listing {
  const { queue, input } = around;
  const nowMs = input.clock.now();
  const ttlMs = queueTtlMs(input.env);
  const view = input.store.read();
  const items = [...queue.read().items.values()];
  const tags = new Set(items.flatMap((item) => prTag(item.repo, item.pr) ?? []));
  const final = finalPrs(tags, input.store);
  const isFinal = (item: QueueItem) => final.has(prTag(item.repo, item.pr) ?? "");
  const isOld = (item: QueueItem) => nowMs - Date.parse(item.created_at) > ttlMs;
  // A leased item stays until it is finished, whatever became of its pull request.
  const useful = items.filter((item) => queue.leased(item) || !(isFinal(item) || isOld(item)));
  const seen = family ? useful.filter((item) => isVisibleTo(item.session_id, family)) : useful;
  const listed = seen.map((item) => describe(item, around, view));
  const free = items.filter((item) => !queue.leased(item));
  return {
    listed: listed.sort((a, b) =>
      a.item.created_at < b.item.created_at ? -1 : a.item.created_at > b.item.created_at ? 1 : 0,
    ),
    others: useful.length - seen.length,
    stale: { final: free.filter(isFinal), expired: free.filter((item) => isOld(item) && !isFinal(item)) },
  };
}

const DAY_MS = 86_400_000;

/** Milliseconds after which an item leaves (`BROOMVA_P9_QUEUE_TTL_DAYS`; 0: at once); a value that is no such number counts as unset. */
function queueTtlMs(env: Readonly<Record<string, string | undefined>>): number {
  const days = Number(env.BROOMVA_P9_QUEUE_TTL_DAYS || Number.NaN);
  return (Number.isFinite(days) && days >= 0 ? days : 14) * DAY_MS;
}

/** Items that should leave the queue. */
export interface Stale {
  readonly final: readonly QueueItem[];
  readonly expired: readonly QueueItem[];
}

/** Removes items of final pull requests and expired items. */
export async function removeStale(queue: Queue, stale: Stale): Promise<void> {
  for (const [reason, items] of [
    ["pr_final", stale.final],
    ["expired", stale.expired],
  ] as const) {
    const ids = new Set(items.map(({ id }) => id));
    if (ids.size > 0) await queue.remove((item) => ids.has(item.id) && !queue.leased(item), reason);
  }
}

function describe(item: QueueItem, around: Surroundings, view: View): Listed {
  const running = item.after !== null && isRunning(view.waits.get(item.after)?.state ?? "GREEN");
  const status: ItemStatus =
    bareTier(item, around.isolation).tier === "blocked"
      ? "blocked"
      : around.queue.leased(item)
        ? "leased"
        : running
          ? "waiting"
          : "available";
  return { item, status, afterText: item.after === null ? null : howItStands(item.after, around.input.store) };
}

/** How a wait stands that an item comes after, also one that the fold has forgotten. */
function howItStands(waitId: string, store: Store): string {
  const wait = store.find(waitId);
  if (!wait) return `wait ${waitId} ended`;
  return isRunning(wait.state) ? `after ${waitName(wait)}, which still runs` : `${waitName(wait)} ended ${wait.state}`;
}
