/** Of `known`, the word that was probably meant by `word`; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const wanted = word.toLowerCase();
  const ranked = known
    .map((one) => ({ one, steps: distance(wanted, one.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps || Math.abs(a.one.length - word.length) - Math.abs(b.one.length - word.length));
  const [best] = ranked;
  return best && best.steps <= Math.max(1, Math.floor(word.length / 3)) ? best.one : null;
}

/** ` (did you mean "states"?)`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null ? "" : ` (did you mean "${meant}"?)`;
}

/** How many letters must be added, left out, changed or swapped with their neighbour to make `b` of `a`. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      const above = rows[i - 1] ?? [];
      let steps = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + change);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) steps = Math.min(steps, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(steps);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
