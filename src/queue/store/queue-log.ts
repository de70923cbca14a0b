import { type Clock, timestamp } from "../../base/clock.ts";
import { isObject } from "../../base/json.ts";
import { type Fold, FollowedLog } from "../../store/follow/followed-log.ts";
import type { Unreadable } from "../../store/follow/unreadable.ts";
import type { Paths } from "../../store/paths.ts";
import { type GoneItem, type QueueItem, QueueState } from "./fold.ts";
import { asQueueRow, type QueueRow } from "./rows.ts";

/** How long `done` is remembered: longer than anything that a source offers stays current. */
const REMEMBER_MS = 90 * 86_400_000;

const ROWS: Fold<QueueState, QueueRow> = {
  version: 1,
  maxSnapshotBytes: 256 << 20,
  snapshotEveryBytes: 64 * 1024,
  empty: () => new QueueState(),
  parse,
  apply: (state, row) => state.apply(row),
  prune: (state, now) => state.forget(timestamp(now - REMEMBER_MS)),
  save: (state) => ({ items: [...state.items.values()], gone: [...state.gone] }),
  load: (saved) => (holdsQueue(saved) ? new QueueState(saved.items, saved.gone) : null),
};

/** The fold of `queue.jsonl`, kept up to date. */
export function queueLog({ queue, queueSnapshot, quarantine }: Paths, clock: Clock): FollowedLog<QueueState, QueueRow> {
  return new FollowedLog({ log: queue, snapshot: queueSnapshot, quarantine }, ROWS, clock);
}

interface SavedQueue {
  readonly items: QueueItem[];
  readonly gone: [string, GoneItem][];
}

function holdsQueue(saved: Readonly<Record<string, unknown>>): saved is Readonly<Record<string, unknown>> & SavedQueue {
  return Array.isArray(saved.items) && Array.isArray(saved.gone);
}

function parse(line: string): QueueRow | Unreadable | null {
  try {
    const row: unknown = JSON.parse(line);
    return isObject(row) ? asQueueRow(row) : { unreadable: "no JSON object" };
  } catch {
    return { unreadable: "no JSON object" };
  }
}
