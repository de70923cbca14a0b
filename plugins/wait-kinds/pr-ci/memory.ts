import { type Check, checkKey, type KnownRules, type NoRuns, type Stops } from "../../../src/github.ts";
import type { JsonObject, LookContext } from "../../../src/plugin.ts";
import type { HeadMemory } from "../pull-request/head.ts";

/** Memory between looks; all of it can be read again. Times are by GitHub's clock. */
export interface Memory extends HeadMemory {
  /** Sha that the other fields are about. */
  readonly sha?: string | null;
  /** When GitHub first showed this head in place of the one that was watched (ms). */
  readonly movedAt?: number;
  /** Rules of the branch `base` that only REST shows, and the sources that GraphQL showed then (`saw`). */
  readonly rules?: KnownRules & { readonly base: string; readonly saw: string };
  /** Why GitHub starts no workflow for this head. */
  readonly noRuns?: NoRuns;
  readonly stops?: Stops;
  /** Whether the last look found that the checks passed. */
  readonly passed?: boolean;
  /** GitHub's message on jobs not started for want of a payment (null: the jobs ran), and the ids of their checks (`of`). */
  readonly unpaid?: { readonly of: string; readonly why: string | null };
  /** Whether the last look saw the pull request closed or a draft, and when a look saw it reopened or ready (ms). */
  readonly closed?: boolean;
  readonly draft?: boolean;
  readonly reopenedAt?: number;
  /** Whether a look saw this head in the merge queue, and since when it is no longer there (ms). */
  readonly queued?: boolean;
  readonly leftQueueAt?: number;
  /** Keys of the checks seen on this head, and when the last new one appeared (ms). */
  readonly seen?: readonly string[];
  readonly newAt?: number;
  /** When the head was pushed or the pull request opened, if known (ms). */
  readonly freshAt?: number;
  /** Keys of the earlier head's checks, names of its required ones, names of the base's checks. */
  readonly before?: readonly string[];
  readonly requiredBefore?: readonly string[];
  readonly ofBase?: readonly string[];
  /** Whether the checks of the earlier head and the base were read. */
  readonly seeded?: boolean;
}

/** Number of checks that are remembered at most. */
const MAX_KEYS = 200;

/** Reads the memory for the pinned sha. Turns the checks of another sha into the earlier head's. */
export function recall({ memory, pin }: Pick<LookContext, "memory" | "pin">): Memory {
  const all: Memory = memory;
  const sha = pin.sha ?? null;
  if (all.sha === sha) return all;
  if (!all.sha) return { sha };
  const { rules, requiredBefore, ofBase, seen = [], otherSince: movedAt } = all;
  return { sha, rules, requiredBefore, ofBase, before: seen, seeded: seen.length > 0, movedAt };
}

/** Adds the checks of this look. `now` in ms. */
export function withChecks(memory: Memory, checks: readonly Check[], now: number): Memory {
  // The next head need not have a suite without checks.
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

/** When the newest check started, at most `now`; an old success is thus believed at once. */
function newest(checks: readonly Check[], now: number): number {
  return Math.min(now, Math.max(...checks.map((check) => check.startedAt ?? check.endedAt ?? now)));
}

function union(old: readonly string[] = [], more: readonly string[]): string[] {
  return [...new Set([...old, ...more])].slice(0, MAX_KEYS);
}

/** Converts to JSON, without undefined fields. */
export function toJson(memory: Memory): JsonObject {
  return JSON.parse(JSON.stringify(memory)) as JsonObject;
}
