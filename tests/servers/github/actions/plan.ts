import type { CheckPlan } from "../plan.ts";

/**
 * One workflow run, over time. Its own times count from the push of the commit (`appears`) or from its creation; those of its jobs count
 * from its start, which a concurrency group or an approval may put off.
 */
export interface RunPlan {
  /** Default `CI`. */
  workflow?: string;
  /** Workflow file. Default `.github/workflows/<workflow>.yml`. */
  path?: string;
  /** What triggered it. Default `pull_request`. */
  event?: string;
  /** When it is created. Default 0. */
  appears?: number;
  /** `run_number`. Default: the next of the workflow in the repository. */
  number?: number;
  jobs: CheckPlan[];
  concurrency?: ConcurrencyPlan;
  /** A maintainer must approve it first: seconds after its creation at which one does, `null` = never. Default: needs none. */
  approved?: number | null;
  /** Seconds after its creation at which a person cancels it. */
  cancelled?: number;
}

/** The `concurrency` key of a workflow. */
export interface ConcurrencyPlan {
  group: string;
  cancelInProgress?: boolean;
}

/** The environment that a job deploys to, and what holds the job back. */
export interface EnvironmentPlan {
  name: string;
  /** Minutes. */
  waitTimer?: number;
  /** Users who are asked. */
  reviewers?: string[];
  /** App of a custom protection rule. */
  customRule?: string;
  /** Seconds after the job appeared at which it is let go, `null` = never. Default: at the end of the wait timer, else never. */
  released?: number | null;
}
