import type { CheckState } from "./checks.ts";

/** One report on a commit: a check run, a status context, or a check suite without any check run. */
export interface Check {
  readonly kind: "check" | "status" | "suite";
  /** Rises with time within its kind; 0 when GitHub gave none. */
  readonly id: number;
  readonly name: string;
  /** App slug; null for statuses. */
  readonly app: string | null;
  readonly appId: number | null;
  readonly workflow: string | null;
  /** What triggered the workflow: `pull_request`, `push` … */
  readonly event: string | null;
  readonly suite: number | null;
  /** Workflow run. */
  readonly run: number | null;
  readonly state: CheckState;
  /** GitHub's own words: `COMPLETED/FAILURE`, `IN_PROGRESS`, `ERROR`. */
  readonly raw: string;
  /** What GitHub says for this pull request; null when it does not say. */
  readonly required: boolean | null;
  readonly url: string | null;
  readonly description: string | null;
  /** ms since the epoch. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A check that a rule of the base branch demands. */
export interface RequiredCheck {
  readonly name: string;
  /** Only this app may report it. */
  readonly appId: number | null;
}

/** What the base branch demands, as far as this login can read it. */
export interface BranchRules {
  readonly required: readonly RequiredCheck[];
  /** Whether rulesets could be read: an empty list then means none. */
  readonly rulesets: boolean;
  /** Whether classic protection was seen. `false` is "none or not for these eyes": GitHub does not tell them apart here. */
  readonly protection: boolean;
}

/** Everything that reports on one commit. */
export interface CommitChecks {
  readonly sha: string;
  readonly checks: readonly Check[];
  /** Whether suites could be read: without them, runs that have no check yet are invisible. */
  readonly suitesReadable: boolean;
}

/** A pull request, and the checks of one commit of it. */
export interface PullRequest {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly state: "OPEN" | "CLOSED" | "MERGED";
  readonly draft: boolean;
  /** The head as the API shows it now: for some seconds after a push, the earlier one. */
  readonly head: string;
  readonly branch: string;
  readonly base: string;
  readonly fork: boolean;
  /** Full name of the repository that the head branch lives in; null when that is gone. */
  readonly headRepo: string | null;
  readonly mergeable: string;
  readonly mergeState: string;
  readonly reviewDecision: string | null;
  readonly queue: { readonly state: string; readonly position: number | null } | null;
  readonly rules: BranchRules;
  /** The checks of the asked commit; null when GitHub does not have the commit yet. */
  readonly commit: CommitChecks | null;
}
