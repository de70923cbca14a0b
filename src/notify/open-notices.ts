import * as z from "zod/mini";
import { parseTimestamp } from "../base/clock.ts";
import { groupRows, rowsThatFit } from "../store/jsonl.ts";
import { orElse } from "../store/or-else.ts";
import { type DeliveryAttempt, GIVE_UP_MS } from "./journal.ts";
import type { DatedNotice } from "./notice.ts";

/** A notice that is not closed, and how its channels stand. */
export interface OpenNotice {
  readonly notice: DatedNotice;
  /** Deliveries so far, by channel: the last of each, and how many. */
  readonly tried: ReadonlyMap<string, { readonly attempts: number; readonly last: DeliveryAttempt }>;
}

/** The notices that wait for delivery, oldest first, and every id of the time that was read. */
export function readOpen(
  path: string,
  now: number,
): { readonly open: readonly OpenNotice[]; readonly ids: ReadonlySet<string> } {
  const byId = groupRows(recentRows(path, now), ({ id }) => id);
  const open: OpenNotice[] = [];
  for (const rows of byId.values()) {
    const opening = rows.find((row) => row.open);
    if (!opening?.notice || rows.some(({ closed }) => closed)) continue;
    open.push({ notice: noticeOf(opening, opening.notice), tried: byChannel(rows.flatMap((row) => row.deliveries)) });
  }
  return { open, ids: new Set(byId.keys()) };
}

/** Rows that may still matter, oldest first. */
function recentRows(path: string, now: number): Row[] {
  const rows: Row[] = [];
  for (const row of rowsThatFit(path, ROW)) {
    // Twice the time, so that a notice is still found when it is to be given up.
    if (now - parseTimestamp(row.ts) > 2 * GIVE_UP_MS) break;
    rows.push(row);
  }
  return rows.reverse();
}

function noticeOf({ id, kind, title, body, severity, payload, wait_id }: Row, details: Details): DatedNotice {
  const { url, ...rest } = details;
  return { id, kind, title, body, severity, payload, wait_id, ...rest, ...(url ? { url } : {}) };
}

function byChannel(deliveries: readonly DeliveryAttempt[]): OpenNotice["tried"] {
  const found = new Map<string, { attempts: number; last: DeliveryAttempt }>();
  for (const delivery of deliveries) {
    found.set(delivery.channel, { attempts: (found.get(delivery.channel)?.attempts ?? 0) + 1, last: delivery });
  }
  return found;
}

const text = orElse(z.string(), "");
const textOrNull = orElse(z.nullable(z.string()), null);
const flag = orElse(z.boolean(), false);

const delivery: z.ZodMiniType<DeliveryAttempt> = z.object({
  channel: z.string(),
  ok: flag,
  error: z.optional(z.string()),
  attempt: z.optional(z.number()),
  ms: z.optional(z.number()),
  final: z.optional(z.boolean()),
});

/** What an open notice needs to be delivered later. */
const details = z.object({
  ts: text,
  cwd: textOrNull,
  about: orElse(z.object({ wait_kind: textOrNull, repo: textOrNull, took_s: orElse(z.nullable(z.number()), null) }), {
    wait_kind: null,
    repo: null,
    took_s: null,
  }),
  url: orElse(z.optional(z.string()), undefined),
});
type Details = z.infer<typeof details>;

/** A line of `notify.jsonl`, see `NotifyRow`; only its id must be there. A delivery that cannot be read was none. */
const ROW = z.object({
  ts: text,
  id: z.string(),
  kind: text,
  title: text,
  body: text,
  severity: orElse(z.enum(["info", "warning", "error"]), "info"),
  payload: orElse(z.record(z.string(), z.json()), {}),
  wait_id: textOrNull,
  deliveries: z.pipe(
    orElse(z.array(z.unknown()), []),
    z.transform((list) => list.flatMap((entry) => delivery.safeParse(entry).data ?? [])),
  ),
  open: flag,
  closed: flag,
  notice: orElse(z.nullable(details), null),
});
type Row = z.infer<typeof ROW>;
