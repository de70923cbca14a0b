import { parseTimestamp } from "../../base/clock.ts";
import { formatDuration } from "../../base/duration.ts";
import { oneLine } from "../../base/text.ts";
import type { NewEvent } from "../../core/events.ts";
import type { Wait } from "../../core/wait.ts";
import type { WatchDeps } from "../deps.ts";
import { ENOUGH, readDurations } from "../durations.ts";
import { type LookRecord, lookOfCycle } from "../engine/look-file.ts";
import { ownerLives } from "./liveness.ts";

/** A wait whose watcher lives and that makes no progress. */
export interface Stall {
  readonly wait: Wait;
  /** Time stamp of the last real progress. */
  readonly since: string;
  readonly stalledS: number;
  /** Seconds without progress that are still usual. */
  readonly limitS: number;
  readonly reason: string;
  /** Whether people are told now; false when they were told of this stall before. */
  readonly notified: boolean;
}

/** Options of {@link scanStalls}. */
export interface ScanOptions {
  /** Seconds given by hand; null: what earlier waits of the same target took, else the default. */
  readonly thresholdS: number | null;
  /** Tell again of stalls that were told before. */
  readonly renotify: boolean;
}

/** Threshold without enough earlier waits, and minimum with them, in seconds. */
const DEFAULT_S = 45 * 60;
const LEAST_S = 5 * 60;

/**
 * Finds watched waits without progress (no change of progress or of any item, whatever their logs say) for longer than the
 * longest of at least five earlier waits, or than the threshold. Reports each stall once; a wait whose watcher is dead belongs to
 * `rearm`.
 */
export async function scanStalls(deps: WatchDeps, options: ScanOptions): Promise<readonly Stall[]> {
  const found = [...deps.store.read().waits.values()].flatMap((wait) => stallOf(wait, deps, options.thresholdS));
  if (found.length === 0) return [];
  const told = new Set<string>();
  await deps.store.commit((view) => {
    const news = found.filter(({ wait, since }) => {
      const now = view.waits.get(wait.wait_id);
      return now?.state === wait.state && (options.renotify || now.extra.stuck_since !== since);
    });
    for (const { wait } of news) told.add(wait.wait_id);
    return news.map(stuckEvent);
  });
  return found.map((stall) => ({ ...stall, notified: told.has(stall.wait.wait_id) }));
}

function stallOf(wait: Wait, deps: WatchDeps, thresholdS: number | null): Stall[] {
  if (wait.state !== "WATCHING" && wait.state !== "HEALING") return [];
  if (!ownerLives(wait, deps)) return [];
  const look = lookOfCycle(deps.store.paths.looks, wait);
  const since = latest(wait.cycle_at, wait.state === "HEALING" ? wait.ts : "", look?.progressed_at ?? "");
  const stalledS = Math.round((deps.clock.now() - parseTimestamp(since)) / 1000);
  const limitS = thresholdS ?? usualS(wait, deps);
  if (!(stalledS > limitS)) return [];
  return [{ wait, since, stalledS, limitS, reason: reasonOf(look), notified: false }];
}

function usualS({ extra }: Wait, deps: WatchDeps): number {
  const earlier = typeof extra.history === "string" ? readDurations(deps.store.paths.durations, extra.history) : [];
  // Of the twenty that are kept, the 99th percentile is the longest.
  return earlier.length >= ENOUGH ? Math.max(LEAST_S, ...earlier) : DEFAULT_S;
}

function latest(...stamps: readonly string[]): string {
  return [...stamps].sort().at(-1) ?? "";
}

function reasonOf(look: LookRecord | null): string {
  if (!look) return "It was never looked at";
  if (look.error) return `It cannot be looked at: ${oneLine(look.error, 200)}`;
  return oneLine(look.reason, 200) || "It does not say why";
}

function stuckEvent({ wait, since, stalledS, limitS, reason }: Stall): NewEvent {
  const { wait_id, kind, ref, repo } = wait;
  return {
    type: "wait.stuck",
    wait_id,
    reason: `${reason} (no progress for ${formatDuration(stalledS)}, usual is at most ${formatDuration(limitS)})`,
    stalled_s: stalledS,
    since,
    kind,
    ref,
    repo,
    ...(wait.extra.traits === undefined ? {} : { traits: wait.extra.traits }),
    ...(wait.extra.cwd === undefined ? {} : { cwd: wait.extra.cwd }),
  };
}
