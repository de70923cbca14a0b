import type { Act, Activity } from "./activity.ts";
import type { Reviewer } from "./describe/reviewer.ts";
import { isSignal, judgeReviewer, type ReviewerState } from "./judge.ts";

/** Why a reviewer is expected on a pull request. */
export type Why = "policy" | "here" | "base";

/** A reviewer that is expected to review the head, and how it stands to it. */
export interface ExpectedReviewer extends ReviewerState {
  readonly why: Why;
}

/** Whom to expect. */
export interface Expectation {
  /** All reviewers that p9 knows. */
  readonly known: readonly Reviewer[];
  /** Policy `ci_watch.reviews.reviewers`: names of reviewers or logins of people; `auto`: whoever reports on such pull requests. */
  readonly wanted: "auto" | readonly string[];
  /** Names of the reviewers that report on the last pull requests of the base; used with `auto` only. */
  readonly ofBase: readonly string[];
}

/**
 * The reviewers that are expected on a pull request: those that the policy names, but for its author; by `auto`, those that reported on it or on one of
 * the last pull requests of its base.
 */
export function expectedReviewers(
  activity: Activity,
  { known, wanted, ofBase }: Expectation,
): readonly ExpectedReviewer[] {
  if (wanted !== "auto") {
    const all = wanted.map((name) => known.find((one) => one.name === name) ?? person(name));
    // Nobody reviews what they wrote themselves.
    const others = all.filter(({ name }) => !isAuthor(name, activity) || known.some((one) => one.name === name));
    return others.map((reviewer) => ({ ...judgeReviewer(reviewer, activity), why: "policy" }));
  }
  return known.flatMap((reviewer): ExpectedReviewer[] => {
    const state = judgeReviewer(reviewer, activity);
    if (state.seen) return [{ ...state, why: "here" }];
    return ofBase.includes(reviewer.name) ? [{ ...state, why: "base" }] : [];
  });
}

/** Names of the reviewers that gave any signal among these acts. */
export function reportingIn(acts: readonly Act[], known: readonly Reviewer[]): readonly string[] {
  return known.filter((reviewer) => acts.some((act) => isSignal(reviewer, act))).map(({ name }) => name);
}

function isAuthor(login: string, { author }: Activity): boolean {
  return author != null && author.toLowerCase() === login.toLowerCase();
}

/** A person as a reviewer: any review is one that nobody dismissed. */
function person(login: string): Reviewer {
  const signals = [
    { in: "request", means: "running" },
    { in: "review", is: ["approved", "changes_requested", "commented"], means: "done" },
  ] as const;
  return { name: login, title: login, checked: "GitHub's reviews", logins: [login], signals, ask: { request: true } };
}
