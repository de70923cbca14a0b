import {
  type Check,
  checkKey,
  type Expected,
  isPending,
  type KnownRules,
  type NoRuns,
  type PullRequest,
  type QueueRemoval,
} from "../../../src/github.ts";
import type { Memory } from "./memory.ts";

/** Input of {@link verdict}, which depends on nothing else. */
export interface View {
  readonly pull: PullRequest;
  /** The pinned commit. */
  readonly sha: string;
  /** Its checks, without replaced ones. */
  readonly checks: readonly Check[];
  readonly expected: Expected;
  readonly rules: KnownRules;
  readonly memory: Memory;
  /** Why GitHub starts no workflow for the commit; read only when a check is missing and there is no run. */
  readonly noRuns: NoRuns | null;
  /** GitHub's message on failed jobs that it never started for want of a payment. */
  readonly unpaid: string | null;
  /** The last removal from the merge queue, unless it was queued again. */
  readonly removal: QueueRemoval | null;
  readonly options: ViewOptions;
  /** Now by GitHub's clock, as are all times here except `since` (ms). */
  readonly now: number;
  /** When this cycle began or a later head appeared, by GitHub's clock and (`since`) by the local clock, which times graces (ms). */
  readonly begun: number;
  readonly since: number;
}

/** Settings of the user and the policy. */
export interface ViewOptions {
  readonly failFast: boolean;
  readonly noChecks: "red" | "green" | "ignore";
  /** Seconds without a new check before success is believed, when no required check is known. */
  readonly settleS: number;
  /** Seconds within which checks appear after a push. */
  readonly appearS: number;
}

/** Checks that have not ended, including suites without checks. */
export function pendingOf(checks: readonly Check[]): Check[] {
  return checks.filter((check) => isPending(check.state));
}

/** Checks that decide, with suites as long as a required check is missing, because it may belong to one of them. */
export function decidingOf({ expected, checks }: Pick<View, "expected" | "checks">): readonly Check[] {
  if (!expected.requiredKnown) return expected.deciding;
  const bare = expected.missing.length > 0 ? checks.filter((check) => check.kind === "suite") : [];
  return [...expected.deciding, ...bare.filter((check) => !expected.deciding.includes(check))];
}

/** Names of the earlier head's (required) checks that this head lacks; empty when the rules are complete. */
export function missingByHistory({ rules, memory, expected, checks }: View): string[] {
  if (rules.complete) return [];
  const names = new Set(checks.map((check) => check.name));
  if (expected.requiredKnown) return (memory.requiredBefore ?? []).filter((name) => !names.has(name));
  return absentFromBefore(memory, checks);
}

/** Names of checks of the earlier head or the base that this head lacks. */
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
