import { isRunning, type State } from "../../core/states.ts";
import { waitName } from "../../core/wait-name.ts";
import type { View } from "../../store/fold.ts";
import type { Paths } from "../../store/paths.ts";
import type { Store } from "../../store/store.ts";
import type { QueueItem } from "../store/fold.ts";
import { mine, type Queue } from "../store/queue.ts";
import { finalPrs, prTag } from "./final-prs.ts";

/** `waiting`: for the wait that `--after` named. */
export type ItemStatus = "available" | "leased" | "waiting" | "blocked";

/** An item that is still of use, and whether it can be handed out. */
export interface Listed {
  readonly item: QueueItem;
  readonly status: ItemStatus;
  /** How the wait that it came after ended (or that it still runs), for people; null when it came after none. */
  readonly after: string | null;
}

/** What the availability of items depends on. */
export interface Surroundings {
  readonly queue: Queue;
  readonly paths: Paths;
  readonly read: () => View;
  readonly nowMs: number;
  readonly ttlMs: number;
  /** The session and all that it inherits from; null: items of every session. */
  readonly family: ReadonlySet<string> | null;
  /** Whether only people may do it, by the policy as it is now. */
  readonly isBlocked: (item: QueueItem) => boolean;
  /** How a wait that the fold has forgotten ended. */
  readonly findEnded: (waitId: string) => { readonly label: string; readonly state: State } | null;
}

/** Items that a session sees, oldest first, without those whose pull request is final or whose time is over. */
export function listItems(around: Surroundings): { readonly listed: readonly Listed[]; readonly stale: Stale } {
  const { queue, nowMs, ttlMs, family } = around;
  const view = around.read();
  const items = [...queue.read().items.values()];
  const seen = family ? items.filter((item) => mine(item.session_id, family)) : items;
  const tags = new Set(items.flatMap((item) => prTag(item.repo, item.pr) ?? []));
  const final = finalPrs(tags, around.paths, around.read);
  const isFinal = (item: QueueItem) => final.has(prTag(item.repo, item.pr) ?? "");
  const isOld = (item: QueueItem) => nowMs - Date.parse(item.created_at) > ttlMs;
  // Whoever holds an item may finish it, whatever became of the pull request meanwhile.
  const useful = seen.filter((item) => queue.leased(item) || !(isFinal(item) || isOld(item)));
  const listed = useful.map((item) => describe(item, around, view));
  const free = items.filter((item) => !queue.leased(item));
  return {
    listed: listed.sort((a, b) =>
      a.item.created_at < b.item.created_at ? -1 : a.item.created_at > b.item.created_at ? 1 : 0,
    ),
    stale: { final: free.filter(isFinal), expired: free.filter((item) => isOld(item) && !isFinal(item)) },
  };
}

const DAY_MS = 86_400_000;

/** Milliseconds after which an item leaves (`BROOMVA_P9_QUEUE_TTL_DAYS`; 0: at once); a value that is no such number counts as unset. */
export function queueTtlMs(env: Readonly<Record<string, string | undefined>>): number {
  const days = Number(env.BROOMVA_P9_QUEUE_TTL_DAYS || Number.NaN);
  return (Number.isFinite(days) && days >= 0 ? days : 14) * DAY_MS;
}

/** How a wait ended, also one that the fold has forgotten. */
export function endingOf(store: Store, waitId: string): { readonly label: string; readonly state: State } | null {
  const wait = store.find(waitId);
  return wait && { label: waitName(wait), state: wait.state };
}

/** Items that should leave the queue. */
export interface Stale {
  readonly final: readonly QueueItem[];
  readonly expired: readonly QueueItem[];
}

/** Takes out what is of no use any more. */
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
  const status: ItemStatus = around.isBlocked(item)
    ? "blocked"
    : around.queue.leased(item)
      ? "leased"
      : running
        ? "waiting"
        : "available";
  return { item, status, after: item.after === null ? null : afterText(item.after, around, view, running) };
}

function afterText(waitId: string, around: Surroundings, view: View, running: boolean): string {
  const wait = view.waits.get(waitId);
  if (wait && running) return `after ${waitName(wait)}, which still runs`;
  const ended = wait ? { label: waitName(wait), state: wait.state } : around.findEnded(waitId);
  return ended ? `${ended.label} ended ${ended.state}` : `wait ${waitId} ended`;
}
