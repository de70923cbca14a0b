import { isObject, type JsonObject } from "../base/json.ts";
import { rowsBackwards } from "../store/jsonl.ts";
import type { DatedNotice } from "./notice.ts";

/** The result of one attempt, as `notify.jsonl` and `p9 notify --json` show it. */
export interface DeliveryAttempt {
  readonly channel: string;
  readonly ok: boolean;
  readonly error?: string;
  /** 1 for the first. */
  readonly attempt?: number;
  readonly ms?: number;
  /** No further attempt will be made. */
  readonly final?: boolean;
  /** There is nothing here that it could deliver to. */
  readonly absent?: boolean;
}

/** A line of `notify.jsonl`: a notice, and what was done about it since the line before. */
export interface NotifyRow {
  readonly ts: string;
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly severity: string;
  readonly payload: JsonObject;
  readonly wait_id: string | null;
  readonly deliveries: readonly DeliveryAttempt[];
  /** The notice waits for delivery from this line on. */
  readonly open?: boolean;
  /** Nothing more happens with the notice. */
  readonly closed?: boolean;
  /** What an open notice needs to be delivered later. */
  readonly notice?: JsonObject;
}

/** A notice that could not be delivered is given up after this time. */
export const GIVE_UP_MS = 24 * 3_600_000;

/** The line about `notice`. */
export function rowOf(notice: DatedNotice, ts: string, deliveries: readonly DeliveryAttempt[]): NotifyRow {
  const { id, kind, title, body, severity, payload = {}, wait_id } = notice;
  return { ts, id, kind, title, body, severity, payload, wait_id, deliveries };
}

/** The line that opens a notice: it carries all that a later process needs. */
export function openRow(notice: DatedNotice, ts: string): NotifyRow {
  const { ts: eventTs, cwd, about, url } = notice;
  return { ...rowOf(notice, ts, []), open: true, notice: { ts: eventTs, cwd, about, ...(url ? { url } : {}) } };
}

/** Who was told about a wait, as `status` shows it. */
export interface Told {
  readonly channel: string;
  readonly ok: boolean;
  readonly ts: string;
  readonly kind: string;
}

/** Rows of `notify.jsonl` that are looked at for {@link toldAbout}: `status` must not grow with history. */
const TOLD_ROWS = 500;

/** Who was told about each of the waits, newest first. A channel that has nothing to deliver to here did not fail: `doctor` names it. */
export function toldAbout(path: string, waitIds: ReadonlySet<string>): ReadonlyMap<string, readonly Told[]> {
  const told = new Map<string, Told[]>();
  if (waitIds.size === 0) return told;
  let rows = 0;
  for (const { ts, wait_id, kind, ...row } of rowsBackwards(path)) {
    if (++rows > TOLD_ROWS) break;
    if (typeof wait_id !== "string" || !waitIds.has(wait_id)) continue;
    const list = told.get(wait_id) ?? [];
    const tried = deliveriesOf(row).filter(({ absent }) => absent !== true);
    for (const { channel, ok } of tried) list.push({ channel, ok, ts: String(ts), kind: String(kind) });
    told.set(wait_id, list);
  }
  return told;
}

/** Whether a channel was told of a notice. */
export function wasTold(path: string, id: string, channel: string): boolean {
  let rows = 0;
  for (const row of rowsBackwards(path)) {
    if (++rows > TOLD_ROWS) return false;
    if (row.id === id && deliveriesOf(row).some((delivery) => delivery.channel === channel && delivery.ok)) return true;
  }
  return false;
}

/** By hand: a schema would double what `status` loads. */
function deliveriesOf(row: Record<string, unknown>): DeliveryAttempt[] {
  const list = Array.isArray(row.deliveries) ? row.deliveries : [];
  return list.filter((entry): entry is DeliveryAttempt => isObject(entry) && typeof entry.channel === "string");
}
