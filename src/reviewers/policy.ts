import { isObject, type JsonObject } from "../base/json.ts";

/** Policy `ci_watch.reviews`, as far as it decides about a head. */
export interface ReviewPolicy {
  /** `auto`, or names of reviewers, their logins or titles, and logins of people; each once. */
  readonly reviewers: "auto" | readonly string[];
  /** Whether reviewers that have not finished are waited for. */
  readonly wait: boolean;
  /** What a refusal does. */
  readonly refused: "block" | "note";
  /** Whether the file holds something else, which cannot be read. */
  readonly unread?: boolean;
}

/** Reads that policy from `ci_watch`, as plugins get it. */
export function reviewPolicyOf(config: JsonObject): ReviewPolicy {
  const { reviewers: wanted, wait, refused } = isObject(config.reviews) ? config.reviews : {};
  return { reviewers: wantedReviewers(wanted), wait: wait !== false, refused: refused === "note" ? "note" : "block" };
}

/** Whom `ci_watch.reviews.reviewers` names, as {@link ReviewPolicy.reviewers}: a login may have the sign that mentions it. */
export function wantedReviewers(wanted: unknown): ReviewPolicy["reviewers"] {
  const names = Array.isArray(wanted) ? wanted.filter((one) => typeof one === "string") : null;
  const once = new Map(names?.map((name) => name.trim().replace(/^@/, "")).map((name) => [name.toLowerCase(), name]));
  return names === null || (once.size === 1 && once.has("auto")) ? "auto" : [...once.values()];
}

/** Whether a sentence about the policy says that what it holds of reviews cannot be read: it names that, or no other key. */
export function isOfReviews(problem: string): boolean {
  const [, block, key] = /^Cannot use "(ci_\w+)(?:\.(\w+))?/.exec(problem) ?? [];
  return block !== "ci_heal" && (key === undefined || key === "reviews" || key === "reviewers");
}
