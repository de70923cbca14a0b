import { reviewers } from "../../plugins/reviewers/registry.ts";
import { isObject } from "../base/json.ts";
import { nearest } from "../base/nearest.ts";
import { quote } from "../base/text.ts";
import type { Reviewer } from "../reviewers/describe/reviewer.ts";
import { namedReviewer } from "../reviewers/expected.ts";
import { wantedReviewers } from "../reviewers/policy.ts";
import type { CiWatch } from "./schema.ts";

/** A login of GitHub's, of a person or an app. Source: docs.github.com, username considerations for external authentication. */
const LOGIN = /^[a-z\d](?:[a-z\d_-]{0,61}[a-z\d])?(?:\[bot\])?$/i;

/**
 * Sentences about names of `ci_watch.reviews.reviewers` in `file` that count as logins of people, and are nearly those of a built-in or
 * described reviewer, or no logins at all.
 */
export async function misspeltReviewers(
  { reviews, reviewers: described }: CiWatch,
  file: string,
): Promise<readonly string[]> {
  const wanted = wantedReviewers(reviews.reviewers);
  if (wanted === "auto") return [];
  const builtIn = await Promise.all(Object.values(reviewers).map((load): Promise<Reviewer> => load()));
  const here = Object.entries(described).map(([name, entry]) => ({ name, title: textOf(entry, "title") ?? name }));
  const names = [...Object.keys(reviewers), ...Object.keys(described)];
  return wanted.flatMap((name) => {
    if (namedReviewer(name, [...builtIn, ...here])) return [];
    const says = `"ci_watch.reviews.reviewers" in "${file}" names ${quote(name, 80)}`;
    if (name.toLowerCase() === "auto") return [`${says} beside others, where it is a person's login: write auto alone`];
    const meant = nearest(name, names);
    if (meant !== null) return [`${says}, a person's login: did you mean "${meant}"?`];
    return LOGIN.test(name) ? [] : [`${says}, which is no reviewer that p9 knows, and no login`];
  });
}

function textOf(entry: unknown, key: string): string | null {
  const value = isObject(entry) ? entry[key] : null;
  return typeof value === "string" ? value : null;
}
