import { join } from "node:path";
import { isObject, type JsonObject } from "../../base/json.ts";
import { readSmallFile } from "../../base/small-file.ts";
import type { LookItem, Progress } from "../../contract/wait-kind.ts";
import { shownRow } from "../../core/shown.ts";
import type { Wait } from "../../core/wait.ts";
import { makeDir, replaceFile } from "../../store/files.ts";

/** What the last look at a wait saw. Kept beside the log, because it changes too often and the fold does not need it. */
export interface LookRecord {
  readonly wait_id: string;
  /** Start of the cycle that it belongs to. */
  readonly cycle_at: string;
  /** Time stamp of the last look that got an answer. */
  readonly last_look: string | null;
  readonly looks: number;
  readonly status: string;
  readonly reason: string;
  readonly progress: Progress | null;
  /** When the wait is expected to end (ms since the epoch), or null. */
  readonly expected_at: number | null;
  readonly items: readonly LookItem[];
  /** Observation errors in a row, and what the last one said. */
  readonly errors: number;
  readonly error: string | null;
  /** Seconds of the deadline that are used up. */
  readonly active_used: number;
  /** Since when (active seconds) each grace condition holds. */
  readonly graces: Readonly<Record<string, number>>;
  /** What the kind remembers. */
  readonly memory: JsonObject;
  /** Time stamp of the last change of progress or items: real progress, not chatter. */
  readonly progressed_at: string | null;
}

/** The last look at a wait, or null when there was none. */
export function readLook(dir: string, waitId: string): LookRecord | null {
  try {
    const look: unknown = JSON.parse(readSmallFile(lookFile(dir, waitId), 8 * 1024 * 1024));
    return isObject(look) && look.wait_id === waitId ? (look as Record<string, unknown> & LookRecord) : null;
  } catch {
    return null;
  }
}

/** The last look at a wait in its present cycle, or null: what was seen in an earlier cycle says nothing about this one. */
export function lookOfCycle(dir: string, wait: Pick<Wait, "wait_id" | "cycle_at">): LookRecord | null {
  const look = readLook(dir, wait.wait_id);
  return look?.cycle_at === wait.cycle_at ? look : null;
}

/** Replaces the record. Best effort: losing it costs a progress display. */
export function writeLook(dir: string, look: LookRecord): void {
  try {
    makeDir(dir);
    // What a kind remembers is its own, and is not shown.
    const safe = { ...shownRow(look), memory: look.memory };
    replaceFile(lookFile(dir, look.wait_id), JSON.stringify(safe), { sync: false });
  } catch {
    // Losing the record costs a progress display only.
  }
}

/** The path of a wait's record. */
export function lookFile(dir: string, waitId: string): string {
  return join(dir, `${waitId.replace(/[^A-Za-z0-9_-]/g, "_")}.json`);
}
