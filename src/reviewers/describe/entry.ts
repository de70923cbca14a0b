import { isObject, type JsonObject } from "../../base/json.ts";
import type { ProviderProblem } from "../../providers/describe/schema.ts";
import type { Reviewer } from "./reviewer.ts";
import { reviewerProblem } from "./schema.ts";

/** An entry of `ci_watch.reviewers` as a description: one of its own, or `under`, the known one of that name, with some keys overruled. */
export function describedReviewer(name: string, entry: JsonObject, under: Reviewer | null): Reviewer {
  // Typed only; `defineReviewer` checks it.
  const own = { title: name, checked: "by whoever wrote it", ask: {}, ...under, ...entry, name };
  return own as Partial<Reviewer> as Reviewer;
}

/** Whatever a known reviewer may hold, in its shortest form. */
const ANY: Reviewer = {
  name: "any",
  title: "any",
  checked: "here",
  logins: ["any"],
  apps: ["any"],
  signals: [{ in: "review", means: "done" }],
  ask: {},
};

/** The problem of an entry, or null. Of one that gives keys to a built-in reviewer, those keys are checked. */
export function reviewerEntryProblem(name: string, entry: unknown): ProviderProblem | null {
  if (!isObject(entry)) return { key: "", problem: "wanted a block of keys" };
  return reviewerProblem(describedReviewer(name, entry as JsonObject, "signals" in entry ? null : ANY));
}
