import { saysMergeable } from "../../../../src/github.ts";
import { missingByHistory, type View } from "../view.ts";

/** Seconds until a contradiction is looked at again: GitHub updates the merge state shortly after the checks. */
export const AGAIN_S = 10;

/** The fields of a view that tell the age of the head and GitHub's merge state. */
type Aged = Pick<View, "pull" | "sha" | "checks" | "begun" | "now" | "memory" | "options">;

/**
 * Whether GitHub says that this head can be merged, and the head is old enough to believe it: for minutes after a push GitHub says so
 * of a head without any report. The age counts from the first check, else from the start of the cycle.
 */
export function isMergeable({ pull, sha, checks, begun, now, memory, options }: Aged): boolean {
  const first = Math.min(...checks.flatMap(({ startedAt }) => startedAt ?? []));
  const since = Math.max(Number.isFinite(first) ? first : begun, memory.freshAt ?? 0);
  return pull.head === sha && saysMergeable(pull) && now >= since + options.appearS * 1000;
}

/** Whether GitHub blocks the merge of this head because it is behind the base. */
export function isBehind({ pull, sha }: View): boolean {
  return pull.head === sha && pull.mergeState === "BEHIND";
}

/** Result of comparing "everything required passed" with GitHub's merge state. */
export type Agreement =
  /** GitHub agrees, says nothing yet, or waits for a review. */
  | { readonly is: "agrees" }
  /** GitHub blocks the merge, perhaps because of these rules beside checks, in words. */
  | { readonly is: "explained"; readonly rules: readonly string[] }
  /** GitHub blocks the merge, and no known rule explains it. */
  | { readonly is: "contradicts" };

/** Compares "everything required passed" with GitHub's `mergeStateStatus` of the same head. */
export function agreement({ pull, sha, rules }: View): Agreement {
  if (pull.head !== sha || pull.mergeState !== "BLOCKED" || pull.draft) return { is: "agrees" };
  if (pull.reviewDecision !== null && pull.reviewDecision !== "APPROVED") return { is: "agrees" };
  const { more } = rules.others;
  return more.length > 0 ? { is: "explained", rules: more } : { is: "contradicts" };
}

/** Names of expected checks that never reported. */
export function neverReported(view: View): string[] {
  return [...view.expected.missing.map((rule) => rule.name), ...missingByHistory(view)];
}
