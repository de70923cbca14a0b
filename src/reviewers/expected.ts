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
  /** Policy `ci_watch.reviews.reviewers`, as `ReviewPolicy` has it; `auto`: whoever reports on such pull requests. */
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
    const all = new Set(wanted.map((name) => namedReviewer(name, known) ?? person(name)));
    // Nobody reviews what they wrote themselves.
    const others = [...all].filter((one) => !isAuthor(one.name, activity) || known.includes(one));
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

/** The known reviewer that a policy means by its name, its login or its title, in any case; undefined: none. */
export function namedReviewer<One extends Pick<Reviewer, "name" | "title"> & { readonly logins?: readonly string[] }>(
  name: string,
  known: readonly One[],
): One | undefined {
  const isSame = (one: string) => one.toLowerCase() === name.toLowerCase();
  return (
    known.find((one) => one.name === name) ??
    known.find((one) => [one.name, one.title, ...(one.logins ?? [])].some(isSame))
  );
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
