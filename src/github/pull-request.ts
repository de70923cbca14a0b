import type { Cause } from "./actions/cause.ts";
import type { CheckState } from "./checks.ts";
import type { GitHubError } from "./errors.ts";

/** One report on a commit: a check run, a status context, a check suite without check runs, or the state of a rule beside checks. */
export interface Check {
  readonly kind: "check" | "status" | "suite" | "rule";
  /** Rises with time within its kind; 0 when GitHub gave none. */
  readonly id: number;
  readonly name: string;
  /** App slug; null for statuses. */
  readonly app: string | null;
  readonly appId: number | null;
  readonly workflow: string | null;
  readonly workflowId: number | null;
  /** Event that triggered the workflow: `pull_request`, `push` … */
  readonly event: string | null;
  readonly suite: number | null;
  /** Whether the whole suite (for GitHub Actions: the workflow run) has ended; null when that is not known. */
  readonly suiteEnded: boolean | null;
  /** GitHub's conclusion of the suite: `CANCELLED`. */
  readonly suiteConclusion: string | null;
  /** Id of the workflow run. */
  readonly run: number | null;
  /** Rises with each run of its workflow. */
  readonly runNumber: number | null;
  /** Attempt of its run; null when it was not read. */
  readonly attempt: number | null;
  readonly state: CheckState;
  /** Why it waits, when GitHub's state has several causes and the cause was read. */
  readonly cause: Cause | null;
  /** GitHub's values: `COMPLETED/FAILURE`, `IN_PROGRESS`, `ERROR`. */
  readonly raw: string;
  /** GitHub's `isRequired` for the pull request; null when GitHub does not give it. */
  readonly required: boolean | null;
  readonly url: string | null;
  /** What it says beside its state: the description of a status, the title of a check. */
  readonly description: string | null;
  /** ms since the epoch. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A check that a rule of the base branch demands. */
export interface RequiredCheck {
  readonly name: string;
  /** The only app that may report it; null: any. */
  readonly appId: number | null;
}

/** A tool of code scanning, and the thresholds of the alerts that a rule blocks, in GitHub's values. */
export interface ScanningTool {
  readonly tool: string;
  /** `none`, `errors`, `errors_and_warnings`, `all`. */
  readonly alerts: string;
  /** `none`, `critical`, `high_or_higher`, `medium_or_higher`, `all`. */
  readonly security: string;
}

/** Rules of the base branch beside status checks. */
export interface OtherRules {
  /** Files of workflows that must pass. */
  readonly workflows: readonly string[];
  /** Environments that the head must have been deployed to. */
  readonly deployments: readonly string[];
  /** Tools whose code scanning results must exist without blocked alerts. */
  readonly scanning: readonly ScanningTool[];
  /** Whether merges go through a queue. */
  readonly queue: boolean;
  /** Other rules that can block a merge, in words: `its commits must be signed`. */
  readonly more: readonly string[];
}

/** Rules of the base branch that this login can read. */
export interface BranchRules {
  readonly required: readonly RequiredCheck[];
  readonly others: OtherRules;
  /** Whether rulesets could be read, so that an empty list means none. */
  readonly rulesets: boolean;
  /** Whether classic protection was seen. `false`: there is none, or this login may not read it. */
  readonly protection: boolean;
}

/** The reports on one commit. */
export interface CommitChecks {
  readonly sha: string;
  readonly checks: readonly Check[];
  /** Whether suites may be read; without them, runs without a check are invisible. */
  readonly suitesReadable: boolean;
  /** The error for reports that could not be read now; null: all were read. Only a red verdict may be based on an incomplete list. */
  readonly missing: GitHubError | null;
}

/** A pull request, and the checks of one commit of it. */
export interface PullRequest {
  readonly id: string;
  /** Full name of its repository as GitHub has it now: another one than was asked for when that was renamed. */
  readonly repo: string;
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly state: "OPEN" | "CLOSED" | "MERGED";
  /** ms since the epoch. */
  readonly openedAt: number | null;
  readonly draft: boolean;
  /** Head that the API shows now; for some seconds after a push, the earlier one. */
  readonly head: string;
  readonly branch: string;
  readonly base: string;
  readonly fork: boolean;
  /** Full name of the head branch's repository; null when it was deleted. */
  readonly headRepo: string | null;
  readonly mergeable: string;
  readonly mergeState: string;
  readonly reviewDecision: string | null;
  readonly queue: { readonly state: string; readonly position: number | null } | null;
  /** Whether merges into the base go through a queue. */
  readonly hasQueue: boolean;
  readonly rules: BranchRules;
  /** Reports on the requested commit; null when GitHub does not have the commit yet. */
  readonly commit: CommitChecks | null;
}
