/** The shapes in which a test writes what GitHub will show. All times are seconds after the commit's push. */
import type { EnvironmentPlan } from "./actions/plan.ts";

export type { ConcurrencyPlan, EnvironmentPlan, RunPlan } from "./actions/plan.ts";

/** One check run, over time. */
export interface CheckPlan {
  name: string;
  /** When it can first be seen. Default 0. */
  appears?: number;
  /** When it leaves the queue; `null` = never. Default: when it appears. */
  starts?: number | null;
  /** When it completes; `null` = never. Default: when it starts. */
  ends?: number | null;
  /** Any string is allowed, so that values GitHub does not have yet can be shown. Default `SUCCESS`. */
  conclusion?: string;
  /** Shown in place of QUEUED or IN_PROGRESS until it ends, for instance `WAITING`. */
  status?: string;
  /** Environment that the job deploys to: until it lets the job go the job is WAITING; `starts` and `ends` count from then. */
  environment?: EnvironmentPlan;
  /** App slug. Default `github-actions`. */
  app?: string;
  /** Workflow name; `null` for checks of other apps. Default `CI` for `github-actions`, else `null`. */
  workflow?: string | null;
  /** What triggered the workflow. Default `pull_request`. */
  event?: string;
  /** Which run of that workflow and event on this commit, 1 upwards. Default 1. */
  run?: number;
  /** Overrides what the branch rules say. */
  required?: boolean;
  /** The roll-up shows a queued duplicate that never ran in its place; REST shows the job (openclaw/openclaw#131924). */
  ghost?: boolean;
  steps?: StepPlan[];
  /** Labels of the runner that it asks for. Default `ubuntu-latest`. */
  labels?: string[];
  /** The job's log as `actions/jobs/{id}/logs` serves it. */
  log?: string;
  annotations?: AnnotationPlan[];
  title?: string;
  summary?: string;
  text?: string;
  detailsUrl?: string;
  externalId?: string;
  /** What each later attempt of this check does (seconds after the re-run was asked). Default: passes after 5 s. */
  rerun?: Partial<CheckPlan>[];
}

/** One step of a job. Without a conclusion of its own it goes as its job goes. */
export interface StepPlan {
  name: string;
  conclusion?: string;
  /** When it begins and ends. Default: as its job does. Source: docs.github.com/rest/actions/workflow-jobs, `steps`. */
  starts?: number;
  ends?: number;
}

/** One annotation of a check run. */
export interface AnnotationPlan {
  path: string;
  line: number;
  /** Default: `line`. */
  endLine?: number;
  message: string;
  level?: "failure" | "warning" | "notice";
  title?: string;
}

/** One commit status context, over time: second, state and, where it is another than the plan's, description; earliest first. */
export interface StatusPlan {
  context: string;
  states: [second: number, state: string, description?: string][];
  required?: boolean;
  /** Slug of the app that sets it. Default: a user does. */
  app?: string;
  description?: string;
  targetUrl?: string;
  creator?: string;
}

/** A check suite (and workflow run) that has no check run: start-up failures, runs that wait for approval. */
export interface SuitePlan {
  app?: string;
  workflow?: string | null;
  event?: string;
  /** Branch that it was made for. Default: the one that the commit was first pushed to. */
  branch?: string;
  run?: number;
  appears?: number;
  status: string;
  conclusion?: string | null;
}

/** What a branch demands of a pull request. */
export interface RulePlan {
  /** Names of the required checks, or name and app. */
  required: (string | { context: string; app?: string })[];
  /** Where the rule lives; it decides who can read it. Default `ruleset`. */
  source?: "ruleset" | "protection";
  branch?: string;
  /** Approving reviews wanted. Default 0. */
  approvals?: number;
  conversationResolution?: boolean;
  /** A code owner must approve: one of the approvals has to be `ofOwner`. */
  codeOwners?: boolean;
  strict?: boolean;
  /** Workflow files that a ruleset demands. */
  workflows?: string[];
  /** Tools of code scanning whose results a ruleset demands. */
  codeScanning?: string[];
  /** Environments to which the head must have been deployed. */
  requiredDeployments?: string[];
  mergeQueue?: boolean;
}

/** One deployment, over time: `[second, state]` pairs relative to its creation. */
export interface DeploymentPlan {
  environment: string;
  states: [number, string][];
  creator?: string;
  task?: string;
  description?: string;
  payload?: Record<string, string>;
  ref?: string;
  environmentUrl?: string;
  logUrl?: string;
  production?: boolean;
}

/** What the token may read. A `false` makes GitHub answer as it does to a fine-grained token without that right. */
export interface Permissions {
  checks: boolean;
  statuses: boolean;
  actions: boolean;
  rulesets: boolean;
  /** Classic branch protection: only admins read it. */
  protection: boolean;
  /** The branch itself (contents: read), which tells whether and by which checks it is protected. */
  branches: boolean;
  deployments: boolean;
  /** Analyses and alerts of code scanning. */
  codeScanning: boolean;
  /** Files of the repository. */
  contents: boolean;
}
