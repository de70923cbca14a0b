import type { IsolationTier } from "../../contract/queue-source.ts";
import { TIERS } from "../isolation/tier.ts";

/** A piece of work as it entered the queue: pushed by somebody, or taken over from a source when it was first handed out. */
export interface ItemRow {
  readonly type: "queue.pushed" | "queue.discovered";
  readonly ts: string;
  readonly id: string;
  readonly source: string;
  readonly item: string;
  readonly created_at: string;
  readonly pr: number | null;
  readonly repo: string | null;
  /** null: for any session. */
  readonly session_id: string | null;
  /** Inferred when it entered; inferred again when it is handed out. */
  readonly isolation_tier: IsolationTier;
  /** The tier given by hand, or null. */
  readonly tier: IsolationTier | null;
  readonly files: readonly string[];
  readonly minutes: number | null;
  /** Names the piece of work within its source: one open item a key, none after `done`. */
  readonly key: string | null;
  /** The wait that must end first, or null. */
  readonly after: string | null;
  /** Why the source offers it. */
  readonly why: string | null;
}

/** An item was handed out until `lease_until`. */
export interface LeasedRow {
  readonly type: "queue.leased";
  readonly ts: string;
  readonly id: string;
  readonly session_id: string;
  readonly lease_until: string;
}

/** An item is done, or was given back. */
export interface EndedLeaseRow {
  readonly type: "queue.done" | "queue.released";
  readonly ts: string;
  readonly id: string;
  readonly session_id: string;
}

/** How items can leave without being done. */
export type LeftReason = "cleared" | "pr_final" | "expired" | "withdrawn";

/** Items left the queue. */
export interface LeftRow {
  readonly type: "queue.left";
  readonly ts: string;
  readonly ids: readonly string[];
  readonly reason: LeftReason;
}

/** What `queue.jsonl` holds: one event a line, appended under `queue.lock`. */
export type QueueRow = ItemRow | LeasedRow | EndedLeaseRow | LeftRow;

/** A row before it is written: the queue adds the time. */
export type NewRow = QueueRow extends infer R ? (R extends QueueRow ? Omit<R, "ts"> : never) : never;

/**
 * The row in a parsed line, or null when it is none that this version knows. Read by hand: the status line and the hooks fold
 * these rows, and a schema would cost them 7 ms of start.
 */
export function asQueueRow(row: Record<string, unknown>): QueueRow | null {
  if (typeof row.type !== "string" || typeof row.ts !== "string") return null;
  if (row.type === "queue.pushed" || row.type === "queue.discovered") return asItem(row, row.type, row.ts);
  if (row.type === "queue.left") {
    const ids = Array.isArray(row.ids) ? row.ids.filter((id) => typeof id === "string") : [];
    return { type: row.type, ts: row.ts, ids, reason: row.reason as LeftReason };
  }
  if (typeof row.id !== "string") return null;
  const session = typeof row.session_id === "string" ? row.session_id : "";
  if (row.type === "queue.done" || row.type === "queue.released")
    return { type: row.type, ts: row.ts, id: row.id, session_id: session };
  if (row.type !== "queue.leased" || typeof row.lease_until !== "string") return null;
  return { type: row.type, ts: row.ts, id: row.id, session_id: session, lease_until: row.lease_until };
}

/** An item whose fields may come from an older version, from the Python p9 or from a hand; null when it says nothing to do. */
export function asItem(row: Record<string, unknown>, type: ItemRow["type"], ts: string): ItemRow | null {
  if (typeof row.id !== "string" || !row.id || typeof row.item !== "string" || !row.item.trim()) return null;
  return {
    type,
    ts,
    id: row.id,
    source: text(row.source) ?? "session",
    item: row.item,
    created_at: text(row.created_at) ?? ts,
    pr: typeof row.pr === "number" ? row.pr : null,
    repo: text(row.repo),
    session_id: text(row.session_id),
    isolation_tier: asTier(row.isolation_tier) ?? "none",
    tier: asTier(row.tier),
    files: Array.isArray(row.files) ? row.files.filter((file) => typeof file === "string") : [],
    minutes: typeof row.minutes === "number" && row.minutes > 0 ? row.minutes : null,
    key: text(row.key),
    after: text(row.after),
    why: text(row.why),
  };
}

/** The tier that a value names, or null. */
export function asTier(value: unknown): IsolationTier | null {
  return TIERS.find((tier) => tier === value) ?? null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
