import { parseTimestamp } from "../base/clock.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import { rowsBackwards } from "../store/jsonl.ts";
import type { DatedNotice } from "./notice.ts";

/** The result of one attempt, as `notify.jsonl` and `p9 notify --json` show it. */
export interface Delivery {
  readonly channel: string;
  readonly ok: boolean;
  readonly error?: string;
  /** 1 for the first. */
  readonly attempt?: number;
  readonly ms?: number;
  /** No further attempt will be made. */
  readonly final?: boolean;
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
  readonly deliveries: readonly Delivery[];
  /** The notice waits for delivery from this line on. */
  readonly open?: boolean;
  /** Nothing more happens with the notice. */
  readonly closed?: boolean;
  /** What an open notice needs to be delivered later. */
  readonly notice?: JsonObject;
}

/** A notice that is not closed, and how its channels stand. */
export interface OpenNotice {
  readonly notice: DatedNotice;
  /** Deliveries so far, by channel: the last of each, and how many. */
  readonly tried: ReadonlyMap<string, { readonly attempts: number; readonly last: Delivery }>;
}

/** After so long a notice that could not be delivered is given up. */
export const GIVE_UP_MS = 24 * 3_600_000;

/** The line about `notice`. */
export function rowOf(notice: DatedNotice, ts: string, deliveries: readonly Delivery[]): NotifyRow {
  const { id, kind, title, body, severity, payload = {}, wait_id } = notice;
  return { ts, id, kind, title, body, severity, payload, wait_id, deliveries };
}

/** The line that opens a notice: it carries all that a later process needs. */
export function openRow(notice: DatedNotice, ts: string): NotifyRow {
  const { ts: eventTs, cwd, about, url } = notice;
  return { ...rowOf(notice, ts, []), open: true, notice: { ts: eventTs, cwd, about, ...(url ? { url } : {}) } };
}

/** The notices that wait for delivery, oldest first, and every id of the time that was read. */
export function readOpen(
  path: string,
  now: number,
): { readonly open: readonly OpenNotice[]; readonly ids: ReadonlySet<string> } {
  const closed = new Set<string>();
  const ids = new Set<string>();
  const tried = new Map<string, Delivery[]>();
  const open: OpenNotice[] = [];
  for (const row of rowsBackwards(path)) {
    // Twice the time, so that a notice is still found when it is to be given up.
    if (typeof row.ts === "string" && now - parseTimestamp(row.ts) > 2 * GIVE_UP_MS) break;
    if (typeof row.id !== "string") continue;
    ids.add(row.id);
    tried.set(row.id, [...deliveriesOf(row), ...(tried.get(row.id) ?? [])]);
    if (row.closed === true) closed.add(row.id);
    if (row.open === true && !closed.has(row.id)) {
      const notice = noticeOfRow(row);
      if (notice) open.push({ notice, tried: byChannel(tried.get(row.id) ?? []) });
    }
  }
  return { open: open.reverse(), ids };
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

/** Who was told about each of the waits, newest first. */
export function toldAbout(path: string, waitIds: ReadonlySet<string>): ReadonlyMap<string, readonly Told[]> {
  const told = new Map<string, Told[]>();
  if (waitIds.size === 0) return told;
  let rows = 0;
  for (const { ts, wait_id, kind, ...row } of rowsBackwards(path)) {
    if (++rows > TOLD_ROWS) break;
    if (typeof wait_id !== "string" || !waitIds.has(wait_id)) continue;
    const list = told.get(wait_id) ?? [];
    for (const { channel, ok } of deliveriesOf(row)) list.push({ channel, ok, ts: String(ts), kind: String(kind) });
    told.set(wait_id, list);
  }
  return told;
}

function deliveriesOf(row: Record<string, unknown>): Delivery[] {
  const list = Array.isArray(row.deliveries) ? row.deliveries : [];
  return list.filter((entry): entry is Delivery => isObject(entry) && typeof entry.channel === "string");
}

function byChannel(deliveries: readonly Delivery[]): OpenNotice["tried"] {
  const found = new Map<string, { attempts: number; last: Delivery }>();
  for (const delivery of deliveries) {
    found.set(delivery.channel, { attempts: (found.get(delivery.channel)?.attempts ?? 0) + 1, last: delivery });
  }
  return found;
}

function noticeOfRow(row: Record<string, unknown>): DatedNotice | null {
  const { id, kind, title, body, severity, payload, wait_id, notice } = row as Record<string, unknown> &
    Partial<NotifyRow>;
  if (!id || !kind || typeof title !== "string" || typeof body !== "string" || !isObject(notice)) return null;
  const rest = notice as Partial<Pick<DatedNotice, "ts" | "cwd" | "about" | "url">>;
  return {
    id,
    kind,
    title,
    body,
    severity: severity === "error" || severity === "warning" ? severity : "info",
    payload: payload ?? {},
    wait_id: wait_id ?? null,
    ts: rest.ts ?? "",
    cwd: rest.cwd ?? null,
    about: rest.about ?? { wait_kind: null, repo: null, took_s: null },
    ...(rest.url ? { url: rest.url } : {}),
  };
}
