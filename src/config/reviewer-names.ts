import { reviewers } from "../../plugins/reviewers/registry.ts";
import { nearest } from "../base/nearest.ts";
import { quote } from "../base/text.ts";
import type { CiWatch } from "./schema.ts";

/**
 * Sentences about names of `ci_watch.reviews.reviewers` in `file` that count as logins of people, and are nearly those of a built-in or
 * described reviewer.
 */
export function misspeltReviewers({ reviews, reviewers: described }: CiWatch, file: string): readonly string[] {
  if (reviews.reviewers === "auto") return [];
  const known = [...Object.keys(reviewers), ...Object.keys(described)];
  return reviews.reviewers.flatMap((name) => {
    const meant = known.includes(name) ? null : nearest(name, known);
    if (meant === null) return [];
    return [
      `"ci_watch.reviews.reviewers" in "${file}" names ${quote(name)}, a person's login: did you mean "${meant}"?`,
    ];
  });
}
