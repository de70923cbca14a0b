/** A stretch of time in milliseconds since the epoch; `to` is not before `from`. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The same time without overlaps, in order. */
export function union(intervals: Iterable<Interval>): Interval[] {
  const sorted = [...intervals].filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from);
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last && next.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    else merged.push(next);
  }
  return merged;
}

/** The time that two sets of intervals have in common, without overlaps, in order. */
export function intersection(a: Iterable<Interval>, b: Iterable<Interval>): Interval[] {
  const left = union(a);
  const right = union(b);
  const common: Interval[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [one, two] = [left[i]!, right[j]!];
    const from = Math.max(one.from, two.from);
    const to = Math.min(one.to, two.to);
    if (to > from) common.push({ from, to });
    if (one.to < two.to) i++;
    else j++;
  }
  return common;
}

/** Milliseconds that are in at least one of the intervals. */
export function measure(intervals: Iterable<Interval>): number {
  return union(intervals).reduce((sum, { from, to }) => sum + to - from, 0);
}
