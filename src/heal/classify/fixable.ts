import type { FailureType, Rule } from "./rule.ts";

/** Summaries by which a tool says how many of its findings it repairs itself: [all, fixable] in the capture groups. */
const COUNTS: readonly { all: RegExp; fixable: RegExp }[] = [
  { all: /✖ \d+ problems? \((\d+) errors?/, fixable: /(\d+) errors? (?:and \d+ warnings? )?potentially fixable/ },
  { all: /(\d+) offenses? detected/, fixable: /(\d+) offenses? (?:auto-?correctable|corrected)/ },
  { all: /^Found (\d+) errors?/, fixable: /(\d+) fixable with the `?--fix/ },
  { all: /FOUND (\d+) ERRORS?/, fixable: /PHPCBF CAN FIX THE (\d+) MARKED/ },
];

/**
 * Whether the tool that failed can repair everything it found; null when it does not say. True for formatters, and for a linter
 * only when it says so for all findings, because a partial repair stays red.
 */
export function isFixable(type: FailureType, rules: readonly Rule[], lines: readonly string[]): boolean | null {
  if (type === "format" || type === "codegen_drift") return true;
  if (type !== "lint") return null;
  if (rules.length > 0 && rules.every((rule) => rule.fixable)) return true;
  const biome = lines.filter((line) => / lint\/\w+\/\w+/.test(line));
  if (biome.length > 0) {
    // Not enough: FIXABLE covers unsafe fixes too, which `--write` does not apply.
    return biome.every((line) => line.includes("FIXABLE")) && !lines.some((line) => line.includes("Unsafe fix:"));
  }
  const ktlint = lines.filter((line) => /\.kts?:\d+:\d+: .{3,300} \((?:standard|experimental)/.test(line));
  if (ktlint.length > 0) return ktlint.every((line) => !line.includes("cannot be auto-corrected"));
  for (const count of COUNTS) {
    const all = sum(lines, count.all);
    if (all > 0) return sum(lines, count.fixable) >= all;
  }
  return null;
}

function sum(lines: readonly string[], pattern: RegExp): number {
  let total = 0;
  for (const line of lines) total += Number(pattern.exec(line)?.[1] ?? 0);
  return total;
}
