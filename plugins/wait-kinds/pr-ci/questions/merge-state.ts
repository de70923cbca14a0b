import { saysMergeable } from "../../../../src/github.ts";
import { missingByHistory, type View } from "../view.ts";

/** A contradiction is looked at again after so many seconds: GitHub works its word out some moments after the checks. */
export const AGAIN_S = 10;

/** What tells how old a head is, and what GitHub says of it. */
type Aged = Pick<View, "pull" | "sha" | "checks" | "begun" | "now" | "memory" | "options">;

/**
 * Whether GitHub says of this very head that nothing required stands against a merge, and may be believed: for minutes after a push it
 * says so of a head on which nothing has reported yet. Its age is told by the first check that is there, else by how long it was looked at.
 */
export function isMergeable({ pull, sha, checks, begun, now, memory, options }: Aged): boolean {
  const first = Math.min(...checks.flatMap(({ startedAt }) => startedAt ?? []));
  const since = Math.max(Number.isFinite(first) ? first : begun, memory.freshAt ?? 0);
  return pull.head === sha && saysMergeable(pull) && now >= since + options.appearS * 1000;
}

/** Whether GitHub says of this very head that the base has gone on without it, and that this stands against a merge. */
export function isBehind({ pull, sha }: View): boolean {
  return pull.head === sha && pull.mergeState === "BEHIND";
}

/** How GitHub's own word stands to "all that is required passed". */
export type Agreement =
  /** It agrees, or says nothing (yet), or people have yet to decide. */
  | { readonly is: "agrees" }
  /** It blocks the merge, and these rules beside checks may be why, in words. */
  | { readonly is: "explained"; readonly rules: readonly string[] }
  /** It blocks the merge, and nothing that is known says why. */
  | { readonly is: "contradicts" };

/** Compares "all that is required passed" with `mergeStateStatus` of the same head. */
export function agreement({ pull, sha, rules }: View): Agreement {
  if (pull.head !== sha || pull.mergeState !== "BLOCKED" || pull.draft) return { is: "agrees" };
  if (pull.reviewDecision !== null && pull.reviewDecision !== "APPROVED") return { is: "agrees" };
  const { more } = rules.others;
  return more.length > 0 ? { is: "explained", rules: more } : { is: "contradicts" };
}

/** What is expected and never reported, although GitHub says that it can be merged. */
export function neverReported(view: View): string[] {
  return [...view.expected.missing.map((rule) => rule.name), ...missingByHistory(view)];
}
