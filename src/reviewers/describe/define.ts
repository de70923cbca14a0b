import type { Reviewer } from "./reviewer.ts";
import { reviewerProblem } from "./schema.ts";

/**
 * Checks a reviewer that is given as data and returns it.
 *
 * @throws {TypeError} one line naming the reviewer, the key and what is wrong.
 */
export function defineReviewer<R extends Reviewer>(reviewer: R): R {
  const found = reviewerProblem(reviewer);
  if (found === null) return reviewer;
  const { key, problem } = found;
  const name = String((reviewer as Partial<Reviewer> | null)?.name);
  throw new TypeError(`Cannot define reviewer "${name}": ${key ? `${key}: ` : ""}${problem}`);
}
