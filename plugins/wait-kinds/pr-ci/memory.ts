import { type Check, checkKey, type KnownRules, type Stops } from "../../../src/github.ts";
import type { JsonObject, LookContext } from "../../../src/plugin.ts";
import type { NoRuns } from "./asked/no-runs.ts";

/** What the kind remembers between looks; all of it can be found out again. Times are GitHub's. */
export interface Memory {
  /** The sha that the rest is about. */
  readonly sha?: string | null;
  /** GitHub has shown it as the head. */
  readonly confirmed?: boolean;
  /** Since when GitHub shows another head (ms). */
  readonly otherSince?: number;
  /** What REST told of that base branch beside what every look reads, and what that was. */
  readonly rules?: KnownRules & { readonly base: string; readonly saw: string };
  /** Why GitHub starts no workflow for this head. */
  readonly noRuns?: NoRuns;
  readonly stops?: Stops;
  /** GitHub's words on jobs that nobody pays for, and the checks that they were read of; null: those did run. */
  readonly unpaid?: { readonly of: string; readonly why: string | null };
  /** The pull request was closed, or a draft, when it was looked at last; and when it was seen open again or ready (ms). */
  readonly closed?: boolean;
  readonly draft?: boolean;
  readonly reopenedAt?: number;
  /** It was in the merge queue with this head; and since when it is no more (ms). */
  readonly queued?: boolean;
  readonly leftQueueAt?: number;
  /** Keys of the checks seen on this head, and when the last new one came up (ms). */
  readonly seen?: readonly string[];
  readonly newAt?: number;
  /** When the head was pushed or the pull request opened, as far as that is known (ms). */
  readonly freshAt?: number;
  /** Keys of the checks that the earlier head had, names that were required there, names that the base has. */
  readonly before?: readonly string[];
  readonly requiredBefore?: readonly string[];
  readonly ofBase?: readonly string[];
  /** The earlier head and the base were asked already. */
  readonly seeded?: boolean;
}

/** Of a pull request with more checks only so many are remembered. */
const MAX_KEYS = 200;

/** The memory of this pin's sha; what belongs to another sha is turned into history. */
export function recall({ memory, pin }: Pick<LookContext, "memory" | "pin">): Memory {
  const all: Memory = memory;
  const sha = pin.sha ?? null;
  if (all.sha === sha) return all;
  if (!all.sha) return { sha };
  const { rules, requiredBefore, ofBase, seen = [] } = all;
  return { sha, rules, requiredBefore, ofBase, before: seen, seeded: seen.length > 0 };
}

/** Adds what this look saw. `now` in ms. */
export function withChecks(memory: Memory, checks: readonly Check[], now: number): Memory {
  // A run that has no check (any more) is no check that the next head must have too.
  const keys = [...new Set(checks.filter(({ kind }) => kind !== "suite").map(checkKey))];
  const grown = keys.some((key) => !memory.seen?.includes(key));
  const required = checks.filter((check) => check.required === true).map((check) => check.name);
  return {
    ...memory,
    seen: union(memory.seen, keys),
    requiredBefore: union(memory.requiredBefore, required),
    newAt: grown ? newest(checks, now) : memory.newAt,
  };
}

/** When the newest check came up: GitHub's own time when it is earlier than ours, so that an old green is believed at once. */
function newest(checks: readonly Check[], now: number): number {
  return Math.min(now, Math.max(...checks.map((check) => check.startedAt ?? check.endedAt ?? now)));
}

function union(old: readonly string[] = [], more: readonly string[]): string[] {
  return [...new Set([...old, ...more])].slice(0, MAX_KEYS);
}

/** As JSON, without what is undefined. */
export function toJson(memory: Memory): JsonObject {
  return JSON.parse(JSON.stringify(memory)) as JsonObject;
}
