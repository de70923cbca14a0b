import type { Cause } from "./actions/cause.ts";
import type { CheckState } from "./checks.ts";
import type { GitHubError } from "./errors.ts";

/** One report on a commit: a check run, a status context, a check suite without any check run, or how a rule beside checks stands. */
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
  /** What triggered the workflow: `pull_request`, `push` … */
  readonly event: string | null;
  readonly suite: number | null;
  /** Whether the whole suite (for GitHub Actions: the workflow run) has ended; null when that is not known. */
  readonly suiteEnded: boolean | null;
  /** GitHub's word for how it ended: `CANCELLED`. */
  readonly suiteConclusion: string | null;
  /** Workflow run. */
  readonly run: number | null;
  /** Rises with each run of its workflow. */
  readonly runNumber: number | null;
  /** Which attempt of its run it belongs to; null when nobody asked. */
  readonly attempt: number | null;
  readonly state: CheckState;
  /** Why it waits, where GitHub's word has several causes and somebody asked. */
  readonly cause: Cause | null;
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

/** A tool of code scanning, and the alerts that a rule does not let through, in GitHub's words. */
export interface ScanningTool {
  readonly tool: string;
  /** `none`, `errors`, `errors_and_warnings`, `all`. */
  readonly alerts: string;
  /** `none`, `critical`, `high_or_higher`, `medium_or_higher`, `all`. */
  readonly security: string;
}

/** What rules of the base branch demand beside status checks. */
export interface OtherRules {
  /** Files of workflows that must pass. */
  readonly workflows: readonly string[];
  /** Environments that the head must have been deployed to. */
  readonly deployments: readonly string[];
  /** Tools whose code scanning results must be there and clean. */
  readonly scanning: readonly ScanningTool[];
  /** Merges go through a queue. */
  readonly queue: boolean;
  /** Other rules that can stand against a merge, in words: `its commits must be signed`. */
  readonly more: readonly string[];
}

/** What the base branch demands, as far as this login can read it. */
export interface BranchRules {
  readonly required: readonly RequiredCheck[];
  readonly others: OtherRules;
  /** Whether rulesets could be read: an empty list then means none. */
  readonly rulesets: boolean;
  /** Whether classic protection was seen. `false` is "none or not for these eyes": GitHub does not tell them apart here. */
  readonly protection: boolean;
}

/** Everything that reports on one commit. */
export interface CommitChecks {
  readonly sha: string;
  readonly checks: readonly Check[];
  /** Whether suites may be read: without them, runs that have no check yet are invisible. */
  readonly suitesReadable: boolean;
  /** What could not be read now, as the error that a look makes of it; null: all was read. What was read may make a verdict red, and no other. */
  readonly missing: GitHubError | null;
}

/** A pull request, and the checks of one commit of it. */
export interface PullRequest {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly state: "OPEN" | "CLOSED" | "MERGED";
  /** ms since the epoch. */
  readonly openedAt: number | null;
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
  /** Whether merges into the base go through a queue. */
  readonly hasQueue: boolean;
  readonly rules: BranchRules;
  /** The checks of the asked commit; null when GitHub does not have the commit yet. */
  readonly commit: CommitChecks | null;
}
