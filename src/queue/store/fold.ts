import type { ItemRow, LeftReason, QueueRow } from "./rows.ts";

/** Who has an item, and until when. */
export interface Lease {
  readonly session_id: string;
  /** Time stamp; from then on the item is free again. */
  readonly until: string;
}

/** An item that is in the queue. */
export interface QueueItem extends Omit<ItemRow, "type" | "ts"> {
  readonly discovered: boolean;
  readonly lease: Lease | null;
}

/** An item that left the queue, kept for a while so that `done` is no error and its key is not offered again. */
export interface GoneItem {
  readonly ts: string;
  readonly how: "done" | LeftReason;
  readonly source: string;
  readonly key: string | null;
  readonly session_id: string | null;
}

/** What `queue.jsonl` folds to. */
export class QueueState {
  readonly #items: Map<string, QueueItem>;
  readonly #gone: Map<string, GoneItem>;

  constructor(items: Iterable<QueueItem> = [], gone: Iterable<readonly [string, GoneItem]> = []) {
    this.#items = new Map([...items].map((item) => [item.id, item]));
    this.#gone = new Map(gone);
  }

  /** Items in the queue, oldest entry first. */
  get items(): ReadonlyMap<string, QueueItem> {
    return this.#items;
  }

  get gone(): ReadonlyMap<string, GoneItem> {
    return this.#gone;
  }

  apply(row: QueueRow): void {
    switch (row.type) {
      case "queue.pushed":
      case "queue.discovered":
        this.#enter(row);
        break;
      case "queue.leased":
        this.#change(row.id, { lease: { session_id: row.session_id, until: row.lease_until } });
        break;
      case "queue.released":
        this.#change(row.id, { lease: null });
        break;
      case "queue.done":
        this.#leave(row.id, "done", row.ts);
        break;
      case "queue.left":
        for (const id of row.ids) this.#leave(id, row.reason, row.ts);
    }
  }

  /** Forgets what left before `horizon` (a time stamp). */
  forget(horizon: string): void {
    for (const [id, gone] of this.#gone) if (gone.ts < horizon) this.#gone.delete(id);
  }

  #enter(row: ItemRow): void {
    const { type, ts: _, ...item } = row;
    this.#gone.delete(row.id);
    this.#items.set(row.id, { ...item, discovered: type === "queue.discovered", lease: null });
  }

  #change(id: string, change: Pick<QueueItem, "lease">): void {
    const item = this.#items.get(id);
    if (item) this.#items.set(id, { ...item, ...change });
  }

  #leave(id: string, how: GoneItem["how"], ts: string): void {
    const from = this.#items.get(id) ?? this.#gone.get(id);
    if (!from) return;
    this.#items.delete(id);
    this.#gone.set(id, { ts, how, source: from.source, key: from.key, session_id: from.session_id });
  }
}
