import type { Check } from "../../../../src/github.ts";
import type { Evidence, LookResult } from "../../../../src/plugin.ts";
import type { View } from "../view.ts";

/** The verdict on all checks; the look adds items, progress and times. */
export type Verdict = Pick<LookResult, "status" | "reason" | "grace" | "settle" | "note"> & {
  readonly evidence?: readonly Evidence[];
};

/** Judges one aspect of a view. The first verdict that is not null decides. */
export type Question = (view: View) => Verdict | null;

/** Makes a line of evidence from a check. */
export function evidenceOf(check: Check): Evidence {
  const text = `${check.name}: ${check.raw}${check.description ? ` (${check.description})` : ""}`;
  return { job: check.name, text, ...(check.url ? { url: check.url } : {}) };
}
