import { saysMergeable } from "../../../../src/github.ts";
import { missingByHistory, type View } from "../view.ts";

/** A contradiction is looked at again after so many seconds: GitHub works its word out some moments after the checks. */
export const AGAIN_S = 10;

/** Whether GitHub says of this very head that nothing required stands against a merge. */
export function isMergeable({ pull, sha }: View): boolean {
  return pull.head === sha && saysMergeable(pull);
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
