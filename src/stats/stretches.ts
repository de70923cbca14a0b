import { type Interval, union } from "./intervals.ts";

/** A bar of the timeline. */
export interface Bar extends Interval {
  /** `green`, `red`, `amber`, `grey`, `open`, `work`, `taken`. */
  readonly tone: string;
  readonly label: string;
  /** All that is known of it, shown when it is touched or pointed at. */
  readonly detail: string;
}

/** A part of the timeline without long pauses: what comes between two of them is not drawn. */
export interface Stretch extends Interval {
  readonly waits: readonly (readonly Bar[])[];
  readonly work: readonly (readonly Bar[])[];
}

const PAUSE_MS = 45 * 60_000;
const LONGEST_MS = 12 * 3_600_000;
const MARGIN = 0.02;

/** Cuts the timeline at pauses longer than 45 minutes, and into parts of at most 12 hours; newest first, at most `limit`. */
export function stretches(waits: readonly Bar[], work: readonly Bar[], limit: number): Stretch[] {
  const busy = union([...waits, ...work].map(({ from, to }) => ({ from, to: Math.max(to, from + 1) + PAUSE_MS })));
  return busy
    .map(({ from, to }) => ({ from, to: to - PAUSE_MS }))
    .flatMap(cut)
    .slice(-limit)
    .reverse()
    .map((part) => stretch(part, waits, work));
}

function cut({ from, to }: Interval): Interval[] {
  const parts = Math.max(1, Math.ceil((to - from) / LONGEST_MS));
  const length = (to - from) / parts;
  return Array.from({ length: parts }, (_, i) => ({ from: from + i * length, to: from + (i + 1) * length }));
}

function stretch(part: Interval, waits: readonly Bar[], work: readonly Bar[]): Stretch {
  const pad = Math.max((part.to - part.from) * MARGIN, 1_000);
  const inside = (bar: Bar) => bar.to >= part.from && bar.from <= part.to;
  return {
    from: part.from - pad,
    to: part.to + pad,
    waits: lanes(waits.filter(inside)),
    work: lanes(work.filter(inside)),
  };
}

/** Bars in as few rows as it takes without one lying over another. */
export function lanes(bars: readonly Bar[]): Bar[][] {
  const rows: Bar[][] = [];
  for (const bar of [...bars].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const row = rows.find((candidate) => (candidate.at(-1)?.to ?? 0) <= bar.from);
    if (row) row.push(bar);
    else rows.push([bar]);
  }
  return rows;
}
