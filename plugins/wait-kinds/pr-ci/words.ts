import { type Check, hasPassed, isHollowText } from "../../../src/github.ts";
import { type LookItem, oneLine, quote } from "../../../src/plugin.ts";

/** Number of names that are shown; the rest is counted. */
const SHOWN = 3;

/** Joins names from outside, made safe: `"lint"`, `"lint" and "test"`, `"lint", "test", "e2e" and 4 more`. */
export function names(list: readonly string[]): string {
  const quoted = [...new Set(list)].map((name) => quote(name));
  const rest = quoted.length - SHOWN;
  if (rest > 0) return `${quoted.slice(0, SHOWN).join(", ")} and ${rest} more`;
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}

/** Joins the names of checks, as {@link names}. */
export function checkNames(checks: readonly Check[]): string {
  return names(checks.map((check) => check.name));
}

/** Counts in words: `1 check`, `3 checks`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** Says that all checks passed: `The check passed`, `All 3 checks passed (1 skipped, 1 neutral)`, `All 2 checks were skipped`. */
export function allPassed(checks: readonly Check[], what: string): string {
  const number = checks.length;
  const [skipped, neutral] = ["skipped", "neutral"].map((one) => checks.filter(({ state }) => state === one).length);
  const subject = number === 1 ? `The ${what}` : `All ${count(number, what)}`;
  if (skipped === number) return `${subject} ${number === 1 ? "was" : "were"} skipped`;
  const apart = [skipped ? `${skipped} skipped` : "", neutral ? `${neutral} neutral` : ""].filter(Boolean).join(", ");
  return `${subject} passed${apart && number > 1 ? ` (${apart})` : ""}`;
}

/** Says which checks passed without doing their work, by their own words; GitHub counts them as passed. Empty: none. */
export function hollowWords(checks: readonly Check[]): string {
  const hollow = checks.filter(({ state, description }) => hasPassed(state) && isHollowText(description));
  return hollow
    .map(({ name, description }) => `; ${quote(name)} did not do its work: ${quote(description ?? "", 80)}`)
    .join("");
}

/** Makes an item from a check. */
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
