import type { CheckState } from "../github/checks.ts";
import type { OtherRules } from "../github/pull-request.ts";

/** How a required check stands on the head commit. `missing`: expected there and never reported; `unknown`: a value that p9 does not know. */
export type RequiredState = "passed" | "failed" | "pending" | "missing" | "blocked" | "unknown";

/** What the state of a check means for a merge. */
export const REQUIRED_STATES: Readonly<Record<CheckState, RequiredState>> = {
  succeeded: "passed",
  neutral: "passed",
  skipped: "passed",
  queued: "pending",
  running: "pending",
  failed: "failed",
  cancelled: "failed",
  blocked: "blocked",
  unknown: "unknown",
};

/** One check that the base branch requires. A name that reports several times is several entries: all must pass. */
export interface RequiredCheck {
  readonly name: string;
  readonly state: RequiredState;
  /** GitHub's own word: `FAILURE`, `IN_PROGRESS`, `EXPECTED`. */
  readonly detail?: string;
}

/** A review thread that nobody resolved. Text from outside. */
export interface OpenThread {
  readonly path: string;
  readonly line: number | null;
  readonly author: string;
  readonly url: string;
}

/** A reviewer's latest opinionated review: later comments do not withdraw it. */
export interface Opinion {
  readonly author: string;
  readonly state: string;
}

/**
 * Everything that the verdict reads, as GitHub said it, all of one head commit. Words of GitHub are kept as text, because a
 * new one must be seen as unknown and not be lost. `null` means that it could not be read, never that there is none.
 */
export interface MergeFacts {
  readonly repo: string;
  readonly pr: number;
  readonly url: string;
  readonly title: string;
  readonly author: string;
  /** Full sha of the pull request's head. */
  readonly head: string;
  readonly base: string;
  /** `OPEN`, `CLOSED`, `MERGED`. */
  readonly state: string;
  readonly draft: boolean;
  /** `CLEAN`, `HAS_HOOKS`, `UNSTABLE`, `BLOCKED`, `BEHIND`, `DIRTY`, `DRAFT`, `UNKNOWN`. */
  readonly mergeState: string;
  /** `MERGEABLE`, `CONFLICTING`, `UNKNOWN`. */
  readonly mergeable: string;
  /** `APPROVED`, `CHANGES_REQUESTED`, `REVIEW_REQUIRED`, or null: no review is required. */
  readonly reviewDecision: string | null;
  readonly opinions: readonly Opinion[] | null;
  /** Logins and team names whose review was asked for and not given yet. */
  readonly awaited: readonly string[];
  readonly threads: { readonly total: number; readonly open: readonly OpenThread[] } | null;
  readonly required: readonly RequiredCheck[] | null;
  /** Rules beside status checks. */
  readonly rules: OtherRules;
  /** How the workflows that rules demand stand on the head, named by their files. */
  readonly workflows: readonly RequiredCheck[] | null;
  /** How the environments stand that the head must have been deployed to. */
  readonly deployments: readonly RequiredCheck[] | null;
  /** How the results of code scanning stand that the head must have, by tool. */
  readonly scanning: readonly RequiredCheck[] | null;
  /** Required checks of which an older run failed and a newer one replaced it: GitHub sometimes still counts the older. */
  readonly shadowed: readonly string[];
  /** Checks that are not required and did not pass: they block nothing, and are worth knowing. */
  readonly optionalRed: readonly string[];
  readonly queue: { readonly position: number; readonly state: string } | null;
  /** Who turned GitHub's auto-merge on. */
  readonly autoMergeBy: string | null;
}
