import { oneLine } from "../base/text.ts";
import type { IsolationTier } from "../contract/queue-source.ts";
import { DEFAULT_ISOLATION } from "../queue/isolation/tier.ts";
import { type ItemStatus, listItems } from "../queue/pick/availability.ts";
import type { Lease } from "../queue/store/fold.ts";
import type { Queue } from "../queue/store/queue.ts";
import type { RowDeps } from "./status-row.ts";

/** One piece of work of the queue, as plain data; the text is on one line. */
export interface ShownItem {
  readonly id: string;
  readonly item: string;
  readonly source: string;
  readonly status: ItemStatus;
  readonly isolation_tier: IsolationTier;
  readonly session_id: string | null;
  /** Who has it, and until when; null while nobody has. */
  readonly lease: Lease | null;
  readonly pr: number | null;
  readonly repo: string | null;
  readonly minutes: number | null;
  readonly created_at: string;
  /** How the wait stands that it comes after, or null. */
  readonly after: string | null;
}

const ORDER: Readonly<Record<ItemStatus, number>> = { leased: 0, available: 1, waiting: 2, blocked: 3 };

/** The queue of every session: what is taken first, then what can be taken. */
export function queuedWork(queue: Queue, deps: RowDeps): readonly ShownItem[] {
  const { store, clock, env } = deps;
  const { listed } = listItems({ queue, isolation: DEFAULT_ISOLATION, input: { store, clock, env } }, null);
  const items = listed.map(({ item, status, afterText }): ShownItem => {
    const { id, source, isolation_tier, session_id, lease, pr, repo, minutes, created_at } = item;
    return {
      id,
      item: oneLine(item.item, 500),
      source: oneLine(source, 60),
      status,
      isolation_tier,
      session_id,
      lease: status === "leased" ? lease : null,
      pr,
      repo,
      minutes,
      created_at,
      after: afterText === null ? null : oneLine(afterText, 200),
    };
  });
  return items.sort((a, b) => ORDER[a.status] - ORDER[b.status]);
}
