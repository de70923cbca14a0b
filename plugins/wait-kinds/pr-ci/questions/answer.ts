import type { Check } from "../../../../src/github.ts";
import type { Evidence, LookResult } from "../../../../src/plugin.ts";
import type { View } from "../view.ts";

/** What the whole of the checks says; the frame (items, progress, times) is added around it. */
export type Verdict = Pick<LookResult, "status" | "reason" | "grace" | "settle" | "note"> & {
  readonly evidence?: readonly Evidence[];
};

/** One question to what was seen: its answer decides, null leaves it to the next. */
export type Question = (view: View) => Verdict | null;

/** A check as a line of evidence. */
export function evidenceOf(check: Check): Evidence {
  const text = `${check.name}: ${check.raw}${check.description ? ` (${check.description})` : ""}`;
  return { job: check.name, text, ...(check.url ? { url: check.url } : {}) };
}
