import type { GitHub } from "../github/client.ts";
import type { Activity } from "./activity.ts";
import type { Reviewer } from "./describe/reviewer.ts";
import { type ExpectedReviewer, expectedReviewers, reportingIn } from "./expected.ts";
import { type HollowCheck, hollowChecks } from "./hollow.ts";
import type { ReviewPolicy } from "./policy.ts";
import { type ActivityQuestion, readActivity } from "./read-activity.ts";
import { readRecent } from "./read-recent.ts";

/** The reviewers of a pull request, and how they stand to its head. */
export interface ReviewStanding {
  readonly policy: ReviewPolicy;
  readonly activity: Activity;
  readonly reviewers: readonly ExpectedReviewer[];
  /** Checks of anybody else that passed and say that they did nothing. */
  readonly hollow: readonly HollowCheck[];
  /**
   * Names of the reviewers that report on the last pull requests of the base; empty when they were not asked about. Undefined: not all of
   * that could be read.
   */
  readonly ofBase: readonly string[] | undefined;
}

/** What is asked, and with which reviewers. */
export interface StandingQuestion extends ActivityQuestion {
  readonly base: string;
  readonly known: readonly Reviewer[];
  readonly policy: ReviewPolicy;
  /** {@link ReviewStanding.ofBase} of an earlier answer: it is not read again. */
  readonly ofBase?: readonly string[];
}

/**
 * Reads how the expected reviewers stand to the head of a pull request. One request; by `auto` a second one about the last pull requests
 * of the base; more only for pages.
 *
 * @throws {GitHubError} when GitHub cannot be read.
 */
export async function readReviewStanding(github: GitHub, question: StandingQuestion): Promise<ReviewStanding> {
  const { known, policy } = question;
  const [read, { ofBase, partial }] = await Promise.all([readActivity(github, question), readOfBase(github, question)]);
  const unread = [...(read.unread ?? []), ...(partial ? [`last pull requests into ${question.base}`] : [])];
  const activity = { ...read, partial: unread.length > 0, unread };
  return {
    policy,
    activity,
    reviewers: expectedReviewers(activity, { known, wanted: policy.reviewers, ofBase }),
    hollow: hollowChecks(activity.acts, known),
    ofBase: partial ? undefined : ofBase,
  };
}

interface OfBase {
  readonly ofBase: readonly string[];
  readonly partial: boolean;
}

async function readOfBase(github: GitHub, question: StandingQuestion): Promise<OfBase> {
  const { repo, base, number, known, policy, ofBase } = question;
  if (policy.reviewers !== "auto") return { ofBase: [], partial: false };
  if (ofBase) return { ofBase, partial: false };
  const { acts, partial } = await readRecent(github, repo, { base, number });
  return { ofBase: reportingIn(acts, known), partial };
}
