import { isObject, type JsonObject } from "../base/json.ts";

/** Policy `ci_watch.reviews`, as far as it decides about a head. */
export interface ReviewPolicy {
  readonly reviewers: "auto" | readonly string[];
  /** Whether reviewers that have not finished are waited for. */
  readonly wait: boolean;
  /** What a refusal does. */
  readonly refused: "block" | "note";
}

/** Reads that policy from `ci_watch`, as plugins get it. */
export function reviewPolicyOf(config: JsonObject): ReviewPolicy {
  const { reviewers: wanted, wait, refused } = isObject(config.reviews) ? config.reviews : {};
  const names = Array.isArray(wanted) ? wanted.filter((one) => typeof one === "string") : null;
  return { reviewers: names ?? "auto", wait: wait !== false, refused: refused === "note" ? "note" : "block" };
}
