import type { GitHub } from "../github/client.ts";
import type { Activity } from "./activity.ts";
import type { Reviewer } from "./describe/reviewer.ts";
import { type ExpectedReviewer, expectedReviewers } from "./expected.ts";
import { type HollowCheck, hollowChecks } from "./hollow.ts";
import { type ActivityQuestion, readActivity } from "./read-activity.ts";
import { readRecent } from "./read-recent.ts";

/** Policy `ci_watch.reviews`, as far as it decides about a head. */
export interface ReviewPolicy {
  readonly reviewers: "auto" | readonly string[];
  /** Whether reviewers that have not finished are waited for. */
  readonly wait: boolean;
  /** What a refusal does. */
  readonly refused: "block" | "note";
}

/** The reviewers of a pull request, and how they stand to its head. */
export interface ReviewStanding {
  readonly policy: ReviewPolicy;
  readonly activity: Activity;
  readonly reviewers: readonly ExpectedReviewer[];
  /** Checks of anybody else that passed and say that they did nothing. */
  readonly hollow: readonly HollowCheck[];
}

/** What is asked, and with which reviewers. */
export interface StandingQuestion extends ActivityQuestion {
  readonly base: string;
  readonly known: readonly Reviewer[];
  readonly policy: ReviewPolicy;
}

/**
 * Reads how the expected reviewers stand to the head of a pull request. One request; by `auto` a second one about the last pull requests
 * of the base; more only for pages.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function readReviewStanding(github: GitHub, question: StandingQuestion): Promise<ReviewStanding> {
  const { repo, base, number, known, policy } = question;
  const [activity, recent] = await Promise.all([
    readActivity(github, question),
    policy.reviewers === "auto" ? readRecent(github, repo, { base, number }) : [],
  ]);
  return {
    policy,
    activity,
    reviewers: expectedReviewers(activity, { known, wanted: policy.reviewers, recent }),
    hollow: hollowChecks(activity.acts, known),
  };
}
