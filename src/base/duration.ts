const UNITS: Record<string, number> = {
  "": 1,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

/**
 * Seconds of a duration: a number of seconds, or one with a unit (`90`, `90s`, `2m`, `1.5h`, `7d`).
 *
 * @throws {RangeError} naming the value when it is none.
 */
export function parseDuration(text: string | number, what = "duration"): number {
  const match = /^(\d+(?:\.\d+)?)\s*([smhd]?)$/.exec(String(text).trim());
  const seconds = match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) : Number.NaN;
  if (!Number.isFinite(seconds)) {
    throw new RangeError(`Cannot read ${what} "${text}": wanted seconds, or a number with s, m, h or d`);
  }
  return seconds;
}

/** Seconds as people write them: `45s`, `3m 20s`, `2h 5m`, `3d 4h`. */
export function formatDuration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total}s`;
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), "d"],
    [Math.floor((total % 86_400) / 3600), "h"],
    [Math.floor((total % 3600) / 60), "m"],
    [total % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(" ");
}
