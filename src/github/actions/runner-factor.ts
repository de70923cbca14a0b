/**
 * What the minutes of a job count, by the labels of its runner: GitHub's minute multipliers, and for larger runners the ratio of their
 * rate to that of a Linux runner of two cores. 0 for one's own runner, which costs no minutes; null when the labels do not say.
 * Source: docs.github.com, "Actions minute multipliers" and the per-minute rates of larger runners.
 */
export function runnerFactor(labels: readonly string[]): number | null {
  const names = labels.map((label) => label.toLowerCase());
  if (names.includes("self-hosted")) return 0;
  for (const name of names) {
    const factor = factorOf(name);
    if (factor !== null) return factor;
  }
  return null;
}

/** Rates of larger macOS runners, of which only the size is in the label. */
const MACOS = { large: 15, xlarge: 20 } as const;

function factorOf(name: string): number | null {
  const [, system = "", cores] = /^(ubuntu|linux|windows)\b.{0,60}?[-_](\d{1,3})[-_]?cores?\b/.exec(name) ?? [];
  if (cores !== undefined) return system === "windows" ? Number(cores) : Number(cores) / 2;
  if (/^ubuntu-(?:latest|\d\d\.\d\d)(?:-arm)?$/.test(name)) return 1;
  if (/^windows-(?:latest|\d{4}|\d\d)(?:-arm)?(?:-vs\d{4})?$/.test(name)) return 2;
  const macos = /^macos-(?:latest|\d\d)(?:-intel|-(large|xlarge))?$/.exec(name);
  if (macos === null) return null;
  return macos[1] === "large" || macos[1] === "xlarge" ? MACOS[macos[1]] : 10;
}
