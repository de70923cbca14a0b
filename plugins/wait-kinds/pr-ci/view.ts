import {
  type Check,
  checkKey,
  type Expected,
  isPending,
  type KnownRules,
  type PullRequest,
  type QueueRemoval,
} from "../../../src/github.ts";
import type { NoRuns } from "./asked/no-runs.ts";
import type { Memory } from "./memory.ts";

/** Everything that one look's verdict is made of; the verdict is a function of it alone. */
export interface View {
  readonly pull: PullRequest;
  /** The pinned commit. */
  readonly sha: string;
  /** Its checks, without replaced ones. */
  readonly checks: readonly Check[];
  readonly expected: Expected;
  readonly rules: KnownRules;
  readonly memory: Memory;
  /** Why GitHub starts no workflow for the commit; asked only when something is missing and no run is there. */
  readonly noRuns: NoRuns | null;
  /** GitHub's words on failed jobs that it never started for want of a payment. */
  readonly unpaid: string | null;
  /** The merge queue took it out, and nothing has come of it since. */
  readonly removal: QueueRemoval | null;
  readonly options: ViewOptions;
  /** By GitHub's clock, as all times here but `since` (ms). */
  readonly now: number;
  /** When this cycle began, by GitHub's clock and by the local one, which graces count by (ms). */
  readonly begun: number;
  readonly since: number;
}

/** What the user and the policy set. */
export interface ViewOptions {
  readonly failFast: boolean;
  readonly noChecks: "red" | "green" | "ignore";
  /** Seconds without a new check before green is believed, when no required check is known. */
  readonly settleS: number;
  /** Seconds within which checks appear after a push. */
  readonly appearS: number;
}

/** Checks whose end is still awaited, suites without checks among them. */
export function pendingOf(checks: readonly Check[]): Check[] {
  return checks.filter((check) => isPending(check.state));
}

/** The suites of runs that could not start or go on matter as long as something required is missing: it is theirs. */
export function decidingOf({ expected, checks }: Pick<View, "expected" | "checks">): readonly Check[] {
  if (!expected.requiredKnown) return expected.deciding;
  const bare = expected.missing.length > 0 ? checks.filter((check) => check.kind === "suite") : [];
  return [...expected.deciding, ...bare.filter((check) => !expected.deciding.includes(check))];
}

/** Names that the earlier head had and this one has not: required ones, when the rules cannot be read. */
export function missingByHistory({ rules, memory, expected, checks }: View): string[] {
  if (rules.complete) return [];
  const names = new Set(checks.map((check) => check.name));
  if (expected.requiredKnown) return (memory.requiredBefore ?? []).filter((name) => !names.has(name));
  return absentFromBefore(memory, checks);
}

/** Names that the earlier head had, or the base has, and this head has not (yet). */
export function absentYet({ memory, checks }: View): string[] {
  const names = new Set(checks.map((check) => check.name));
  const ofBase = (memory.ofBase ?? []).filter((name) => !names.has(name));
  return [...new Set([...absentFromBefore(memory, checks), ...ofBase])];
}

function absentFromBefore(memory: Memory, checks: readonly Check[]): string[] {
  const keys = new Set(checks.map(checkKey));
  return (memory.before ?? []).filter((key) => !keys.has(key)).map(nameOfKey);
}

/** The name in a key of `checkKey`. */
function nameOfKey(key: string): string {
  const parts: unknown = JSON.parse(key);
  return Array.isArray(parts) ? String(parts.at(-1)) : key;
}
