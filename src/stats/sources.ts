import { parseTimestamp } from "../base/clock.ts";
import { pointsByDay } from "../github/points.ts";
import { readLedger } from "../heal/evidence/ledger.ts";
import { readMinutes } from "../heal/evidence/minutes.ts";
import { asQueueRow } from "../queue/store/rows.ts";
import { rowsOf } from "../store/jsonl.ts";
import { paths } from "../store/paths.ts";
import { type AllMinutes, ciMinutes } from "./ci-minutes.ts";
import type { WorkSpan } from "./summary.ts";

/**
 * The work that sessions took from the queue: from the hand-out to `done`, at most to the end of the lease. What was given back, ran
 * out or is still out was taken and not done; nothing says how much of that time was work.
 */
export function readWork(home: string, now: number): WorkSpan[] {
  const spans: WorkSpan[] = [];
  const items = new Map<string, { readonly item: string; readonly source: string }>();
  const leases = new Map<string, { readonly session: string; readonly from: number; readonly until: number }>();
  const end = (id: string, at: number, by: string | null) => {
    const lease = leases.get(id);
    if (!lease || !leases.delete(id)) return;
    // Another session that ends it later says nothing about the time of this one.
    const done = by !== null && (at <= lease.until || by === lease.session);
    const to = Math.min(at, lease.until);
    const { item = id, source = "" } = items.get(id) ?? {};
    spans.push({ id, item, source, session: lease.session, from: lease.from, to: Math.max(lease.from, to), done });
  };
  for (const raw of rowsOf(paths(home).queue)) {
    const row = asQueueRow(raw);
    if (!row || row.type === "queue.left") continue;
    if (row.type === "queue.leased") {
      end(row.id, parseTimestamp(row.ts), null);
      leases.set(row.id, {
        session: row.session_id,
        from: parseTimestamp(row.ts),
        until: parseTimestamp(row.lease_until),
      });
    } else if (row.type === "queue.done" || row.type === "queue.released") {
      end(row.id, parseTimestamp(row.ts), row.type === "queue.done" ? row.session_id : null);
    } else if (row.type === "queue.pushed" || row.type === "queue.discovered") {
      items.set(row.id, { item: row.item, source: row.source });
    }
  }
  for (const id of [...leases.keys()]) end(id, now, null);
  return spans;
}

/** Seconds from each verdict to the moment when the session had it, for what was delivered from `since` on. */
export function readWakes(home: string, since: number): number[] {
  const first = new Map<string, number>();
  for (const { ts, id, latency_s } of rowsOf(paths(home).wakes)) {
    if (typeof ts !== "string" || typeof id !== "string" || typeof latency_s !== "number") continue;
    if (parseTimestamp(ts) >= since && !first.has(id)) first.set(id, Math.max(0, latency_s));
  }
  return [...first.values()];
}

/** Jobs that both failed and passed on the same tree from `since` on: flakes that were proven. */
export function readFlakes(home: string, since: number): number {
  const outcomes = new Map<string, Set<string>>();
  for (const { ts, repo, job, tree, outcome } of readLedger(paths(home))) {
    if (tree === null || parseTimestamp(ts) < since) continue;
    const key = JSON.stringify([repo, job, tree]);
    outcomes.set(key, (outcomes.get(key) ?? new Set()).add(outcome));
  }
  return [...outcomes.values()].filter((seen) => seen.size > 1).length;
}

/** The minutes of CI from `since` on. `lasting`: see `LogFold.lasting`. */
export function readCiMinutes(home: string, lasting: ReadonlySet<string>, since: number): AllMinutes {
  const place = paths(home);
  return ciMinutes({ minutes: readMinutes(place), ledger: readLedger(place), lasting, since });
}

/** GraphQL points spent from the day of `since` on. */
export function readPoints(home: string, since: number): number {
  const day = Number.isFinite(since) ? new Date(since).toISOString().slice(0, 10) : "";
  return Object.entries(pointsByDay(home)).reduce((sum, [date, points]) => (date >= day ? sum + points : sum), 0);
}
