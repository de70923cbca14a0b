import { createHash } from "node:crypto";
import { join } from "node:path";
import { isObject } from "../base/json.ts";
import { readSmallFile } from "../base/small-file.ts";
import { makeDir, replaceFile } from "../store/files.ts";

const KEEP = 20;
/** With fewer earlier waits, nothing is said about the next one's end (contract: five). */
export const ENOUGH = 5;

/** How long earlier waits of a target took, newest last, in seconds. */
export function readDurations(dir: string, target: string): readonly number[] {
  try {
    const file: unknown = JSON.parse(readSmallFile(fileOf(dir, target)));
    if (!isObject(file) || file.target !== target || !Array.isArray(file.durations)) return [];
    return file.durations.filter((seconds): seconds is number => typeof seconds === "number" && seconds >= 0);
  } catch {
    return [];
  }
}

/** Adds a duration; the last twenty are kept. A failure costs an estimate, nothing else. */
export function recordDuration(dir: string, target: string, seconds: number): void {
  try {
    makeDir(dir);
    const durations = [...readDurations(dir, target), Math.round(seconds * 10) / 10].slice(-KEEP);
    replaceFile(fileOf(dir, target), JSON.stringify({ target, durations }), { sync: false });
  } catch {
    // A lost figure costs an estimate only.
  }
}

/** What earlier durations say of the next: the median, and the 95th percentile. Null with fewer than five. */
export function expectDuration(durations: readonly number[]): { readonly median: number; readonly p95: number } | null {
  if (durations.length < ENOUGH) return null;
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.round(share * (sorted.length - 1)))] ?? 0;
  return { median: at(0.5), p95: at(0.95) };
}

/** The deadline of a wait in seconds: the default, lengthened to three times the 95th percentile of earlier ones. */
export function deadlineFor(defaultS: number, durations: readonly number[]): number {
  const expected = expectDuration(durations);
  return expected ? Math.max(defaultS, Math.ceil(expected.p95 * 3)) : defaultS;
}

function fileOf(dir: string, target: string): string {
  return join(dir, `${createHash("sha256").update(target).digest("hex").slice(0, 24)}.json`);
}
