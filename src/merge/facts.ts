import type { CheckState } from "../github/checks.ts";
import type { OtherRules } from "../github/pull-request.ts";
import type { NoRuns } from "./no-runs.ts";
import type { QueueRemoval } from "./queue-removal.ts";

/** State of a check on the head. `missing`: it never reported there; `unknown`: a value that p9 does not know. */
export type RequiredState = "passed" | "failed" | "cancelled" | "pending" | "missing" | "blocked" | "unknown";

/** State of a required check by the state of its report. */
export const REQUIRED_STATES: Readonly<Record<CheckState, RequiredState>> = {
  succeeded: "passed",
  neutral: "passed",
  skipped: "passed",
  queued: "pending",
  running: "pending",
  failed: "failed",
  cancelled: "cancelled",
  blocked: "blocked",
  unknown: "unknown",
};

/** One check that decides. A name with several reports has several entries; all must pass. */
export interface RequiredCheck {
  readonly name: string;
  readonly state: RequiredState;
  /** Why it waits, in words, else GitHub's value: `FAILURE`, `IN_PROGRESS`, `EXPECTED`. */
  readonly detail?: string;
  /** Whether it is a workflow run without jobs. */
  readonly workflow?: boolean;
  /** People who were asked to approve it. */
  readonly approvers?: readonly string[];
}

/** A check that did not pass and is not required. */
export interface OptionalRed {
  readonly name: string;
  readonly state: "failed" | "cancelled";
}

/** What is known of a head on which nothing reported although no check is required. */
export interface Nothing {
  readonly noRuns: NoRuns;
  /** Names of the checks of the earlier commit and of the base. */
  readonly elsewhere: readonly string[];
}

/** An unresolved review thread. Text from outside. */
export interface OpenThread {
  readonly path: string;
  readonly line: number | null;
  readonly author: string;
  readonly url: string;
}

/** A reviewer's latest opinionated review; later comments do not withdraw it. */
export interface Opinion {
  readonly author: string;
  readonly state: string;
}

/** Checks of the earlier commit or the base that have not reported on a head whose own checks all passed. */
export interface Absent {
  readonly names: readonly string[];
  /** Seconds since the first check of the head began, or the pull request was opened. */
  readonly ageS: number;
}

/**
 * Input of the merge verdict, all about one head commit. GitHub's values are kept as text, so that a new one is seen as unknown.
 * `null` means that a part could not be read, never that there is none.
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
  /** Logins and team names whose requested review is missing. */
  readonly awaited: readonly string[];
  /**
   * Code owners of the changed files of whom a review is still missing, as CODEOWNERS writes them: `@octo/team`. Null: not read, because
   * no rule demands their review or one is asked for it, or not known.
   */
  readonly owners: readonly string[] | null;
  readonly threads: { readonly total: number; readonly open: readonly OpenThread[] } | null;
  readonly required: readonly RequiredCheck[] | null;
  /** All checks of the head when none is known to be required, because nothing says which may be ignored; else empty. */
  readonly unrequired: readonly RequiredCheck[];
  /** Null: something reported or is required. */
  readonly nothing: Nothing | null;
  /** Null: nothing is absent, something is required, or the head is so old that nothing more comes. */
  readonly absent: Absent | null;
  /** Rules beside status checks. */
  readonly rules: OtherRules;
  /** States of the required workflows on the head, named by their files. */
  readonly workflows: readonly RequiredCheck[] | null;
  /** States of the required deployments of the head, named by their environments. */
  readonly deployments: readonly RequiredCheck[] | null;
  /** States of the required code scanning results of the head, named by their tools. */
  readonly scanning: readonly RequiredCheck[] | null;
  /** Deciding checks whose failed older run was replaced; GitHub sometimes still counts the older one. */
  readonly shadowed: readonly string[];
  /** Checks that did not pass while others are required: they block nothing. */
  readonly optionalRed: readonly OptionalRed[];
  readonly queue: { readonly position: number; readonly state: string } | null;
  /** The removal of this head from the merge queue, its last event there. */
  readonly removal: QueueRemoval | null;
  /** Whether the repository is archived, so that nothing can be merged there. */
  readonly archived: boolean;
  /** Login that turned GitHub's auto-merge on. */
  readonly autoMergeBy: string | null;
}
