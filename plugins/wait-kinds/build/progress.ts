import { isObject, type Progress } from "../../../src/plugin.ts";

/** Forms of progress lines, by tool; the first that matches a line counts. */
const FORMS: readonly { readonly tool: string; readonly pattern: RegExp; readonly counts: boolean }[] = [
  { tool: "cargo", pattern: /^\s*Building \[[=> ]*\] (\d+)\/(\d+)/, counts: true },
  { tool: "ninja", pattern: /^\[(\d+)\/(\d+)\]/, counts: true },
  { tool: "docker", pattern: /^#\d+ \[[^\]]*?(\d+)\/(\d+)\]/, counts: true },
  { tool: "jest", pattern: /^Tests:.*?(\d+) passed.*?, (\d+) (?:of \d+ )?total/, counts: true },
  { tool: "vitest", pattern: /Tests\s+(?:.*?\b)?(\d+) passed[^(]*\((\d+)\)/, counts: true },
  { tool: "pytest", pattern: /\[\s*(\d{1,3})%\]\s*$/, counts: false },
  { tool: "any", pattern: /(?:^|[\s([{])(\d{1,9})\s*\/\s*(\d{1,9})(?=$|[\s)\]}:,;.])/, counts: true },
  { tool: "any", pattern: /(?:^|[\s([{=])(\d{1,3})(?:\.\d+)?\s?%/, counts: false },
];

const TAP_PLAN = /^1\.\.(\d+)\s*$/;
const TAP_POINT = /^(?:not )?ok (\d+)\b/;

/**
 * How far a command is, from the end of its output: TAP, counts (`12/40`), percentages (`37%`), and a last line of JSON with
 * `done`, `total`, `percent` or `phase`. The newest line that says anything counts. Null when none does.
 */
export function progressOf(output: string): Progress | null {
  const lines = output.split(/\r?\n|\r/);
  const tap = tapProgress(lines);
  if (tap) return tap;
  for (const line of lines.reverse()) {
    const found = jsonProgress(line) ?? formProgress(line);
    if (found) return found;
  }
  return null;
}

/** A line that is a JSON object with `done`, `total`, `percent` or `phase`. */
export function jsonProgress(line: string): Progress | null {
  if (!line.trimStart().startsWith("{")) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const number = (key: string) =>
    typeof value[key] === "number" && Number.isFinite(value[key]) ? Number(value[key]) : null;
  const [done, total, percent] = [number("done"), number("total"), number("percent")];
  const phase = typeof value.phase === "string" ? value.phase.slice(0, 80) : null;
  if (done === null && total === null && percent === null && phase === null) return null;
  return { done, total, percent: percent ?? share(done, total), phase };
}

function formProgress(line: string): Progress | null {
  if (line.length > 2000) return null;
  for (const { pattern, counts } of FORMS) {
    const match = pattern.exec(line);
    if (!match) continue;
    const first = Number(match[1]);
    const total = Number(match[2]);
    if (counts && total > 0 && first <= total) return { done: first, total, percent: share(first, total), phase: null };
    if (!counts && first <= 100) return { done: null, total: null, percent: first, phase: null };
  }
  return null;
}

function tapProgress(lines: readonly string[]): Progress | null {
  const plan = lines.map((line) => TAP_PLAN.exec(line)).find((match) => match !== null);
  if (!plan) return null;
  const total = Number(plan[1]);
  const done = lines.reduce((most, line) => Math.max(most, Number(TAP_POINT.exec(line)?.[1] ?? 0)), 0);
  return { done, total, percent: share(done, total), phase: null };
}

function share(done: number | null, total: number | null): number | null {
  return done === null || total === null || total <= 0 ? null : Math.min(100, Math.round((done / total) * 100));
}
