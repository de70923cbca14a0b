import { dirname } from "node:path";
import { formatDuration } from "../../base/duration.ts";
import { normalPath } from "../../base/glob.ts";

/** What an item is compared by. */
export interface Rankable {
  readonly files: readonly string[];
  readonly minutes: number | null;
  /** Time stamp; null: unknown, after all others, in the order in which the source gave them. */
  readonly created_at: string | null;
}

/** What the work should fit. */
export interface Fit {
  /** Seconds until the wait is expected to end, or null. */
  readonly etaS: number | null;
  /** Files that the pull request in flight changes. */
  readonly changed: readonly string[];
}

/** An item with the reasons for its place. */
export interface Ranked<T> {
  readonly item: T;
  readonly why: readonly string[];
}

/**
 * Sorts items, best first: those that fit the time left, then those near the changed files, then older ones. Does not order
 * sources, which are asked one after the other.
 */
export function inOrder<T extends Rankable>(items: readonly T[], fit: Fit): readonly Ranked<T>[] {
  const near = nearness(fit.changed);
  const ranked = items.map((item) => {
    const time = timeFit(item.minutes, fit.etaS);
    const place = near(item.files);
    return { item, time, place, why: [time.why, place.why].filter((reason) => reason !== null) };
  });
  return ranked.sort(
    (a, b) => a.time.rank - b.time.rank || b.place.rank - a.place.rank || byAge(a.item.created_at, b.item.created_at),
  );
}

function byAge(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

interface Judged {
  readonly rank: number;
  readonly why: string | null;
}

function timeFit(minutes: number | null, etaS: number | null): Judged {
  if (etaS === null) return { rank: 1, why: null };
  if (minutes === null) return { rank: 1, why: null };
  const left = formatDuration(etaS);
  if (minutes * 60 <= etaS)
    return { rank: 0, why: `${minutes} min ${minutes === 1 ? "fits" : "fit"} the ${left} left` };
  return { rank: 2, why: `${minutes} min ${minutes === 1 ? "is" : "are"} more than the ${left} left` };
}

/** How near some files lie to the changed ones: the same file, the same folder, the same part of the tree. */
function nearness(changed: readonly string[]): (files: readonly string[]) => Judged {
  const same = new Set(changed.map(normalPath));
  const folders = new Set([...same].map(dirname));
  const parts = new Set([...folders].map(partOf));
  return (files) => {
    let best: Judged = { rank: 0, why: null };
    for (const file of files.map(normalPath)) {
      const folder = dirname(file);
      if (same.has(file)) return { rank: 3, why: `shares ${file} with the change in flight` };
      if (folders.has(folder) && best.rank < 2) best = { rank: 2, why: `next to the changed files in ${folder}/` };
      else if (folder !== "." && parts.has(partOf(folder)) && best.rank < 1)
        best = { rank: 1, why: `near the changed files in ${partOf(folder)}/` };
    }
    return best;
  };
}

/** The first two folders of a path. */
function partOf(folder: string): string {
  return folder.split("/").slice(0, 2).join("/");
}
