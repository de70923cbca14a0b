import { existsSync } from "node:fs";
import { type Clock, parseTimestamp, timestamp } from "../base/clock.ts";
import { isObject } from "../base/json.ts";
import type { P9Event } from "../core/events.ts";
import { replaceFile } from "../store/files.ts";
import { linesAfter } from "../store/follow/lines.ts";
import { appendRows, parseRow } from "../store/jsonl.ts";
import { withLock } from "../store/lock/lock.ts";
import { type Paths, paths } from "../store/paths.ts";
import { firstReadFrom, readCursor } from "./cursor.ts";
import { GIVE_UP_MS, type NotifyRow, openRow, rowOf } from "./journal.ts";
import { type DatedNotice, noticeOf } from "./notice.ts";

/**
 * Reads the log from where it was last read for notices, and appends every new notice to `notify.jsonl`. Takes some milliseconds
 * and delivers nothing; the next process picks up what a killed one left.
 *
 * @returns whether notices wait for delivery.
 */
export async function collectNotices(home: string, clock: Clock, options: CollectOptions = {}): Promise<boolean> {
  const files = paths(home);
  if (!existsSync(files.state)) return false;
  const deliverable = options.deliverable ?? (() => true);
  return withLock(files.notifyLock, () => collect(files, clock, deliverable), {
    timeoutMs: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
  });
}

/** Options of {@link collectNotices}. */
export interface CollectOptions {
  /** Whether a notice may have a channel; one that has none is recorded and closed. Default: it may. */
  readonly deliverable?: (notice: DatedNotice) => boolean;
  /** How long to try for the lock. @default {5_000} */
  readonly lockTimeoutMs?: number;
}

const LOCK_TIMEOUT_MS = 5_000;

async function collect(files: Paths, clock: Clock, deliverable: (notice: DatedNotice) => boolean): Promise<boolean> {
  const cursor = readCursor(files);
  const lines = linesAfter(files.state, cursor, firstReadFrom);
  const notices: DatedNotice[] = [];
  for (const { text } of lines) notices.push(...noticeOfRow(parseRow(text), clock.now()));
  const { place } = lines;
  if (notices.length > 0) {
    // A process that was killed between the two writes below left the notices without the cursor.
    const { readOpen } = await import("./open-notices.ts");
    const { ids } = readOpen(files.notify, clock.now());
    const ts = timestamp(clock.now());
    const news = notices.filter((notice) => !ids.has(notice.id));
    const rows: NotifyRow[] = news.map((notice) =>
      deliverable(notice) ? openRow(notice, ts) : { ...rowOf(notice, ts, []), closed: true },
    );
    // Write the mark first: without it, notices of a process that is killed here would never be delivered.
    if (rows.some((row) => row.open)) replaceFile(files.notifyOpen, "", { sync: false });
    appendRows(files.notify, rows);
  }
  if (place.offset !== cursor.offset || place.inode !== cursor.inode)
    replaceFile(files.notifyCursor, JSON.stringify(place), { sync: false });
  return existsSync(files.notifyOpen);
}

function noticeOfRow(row: Record<string, unknown> | null, now: number): DatedNotice[] {
  // Rows of the Python p9 have no type; their waits ended long ago.
  if (typeof row?.type !== "string" || typeof row.ts !== "string" || now - parseTimestamp(row.ts) > GIVE_UP_MS)
    return [];
  const notice = isEvent(row) ? noticeOf(row) : null;
  return notice ? [notice] : [];
}

function isEvent(row: Record<string, unknown>): row is Record<string, unknown> & P9Event {
  if (row.type === "wait.stuck") return typeof row.wait_id === "string";
  return (
    row.type === "transition" && typeof row.to_state === "string" && isObject(row.extra) && typeof row.ref === "string"
  );
}
