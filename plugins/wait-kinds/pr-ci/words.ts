import type { Check } from "../../../src/github.ts";
import { type LookItem, oneLine } from "../../../src/plugin.ts";

/** Names after which the rest is counted. */
const SHOWN = 3;

/** `"lint"`, `"lint" and "test"`, `"lint", "test", "e2e" and 4 more`. Text from outside, made safe. */
export function names(list: readonly string[]): string {
  const quoted = [...new Set(list)].map((name) => `"${oneLine(name, 60)}"`);
  const rest = quoted.length - SHOWN;
  if (rest > 0) return `${quoted.slice(0, SHOWN).join(", ")} and ${rest} more`;
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}

/** The same of checks. */
export function checkNames(checks: readonly Check[]): string {
  return names(checks.map((check) => check.name));
}

/** `1 check`, `3 checks`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** What was seen, one item per check. */
export function itemOf(check: Check, required: boolean | null): LookItem {
  const origin = [check.workflow ?? check.app, check.event].filter((part) => part !== null).join(" · ");
  return {
    name: oneLine(check.name, 120),
    state: check.state,
    required,
    detail: oneLine([origin, check.raw, check.description].filter(Boolean).join(": "), 160),
    ...(check.url ? { url: oneLine(check.url, 500) } : {}),
    ...(check.startedAt !== null ? { startedAt: check.startedAt } : {}),
    ...(check.endedAt !== null ? { endedAt: check.endedAt } : {}),
  };
}
