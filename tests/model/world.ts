/**
 * A pull request and all that happens to it, as data: what the generator makes, what `apply` plays on the GitHub of the tests, and what the
 * oracle judges. All times are seconds since the world began, unless a line says otherwise.
 */
export interface PrWorld {
  readonly seed: number;
  /** What was mixed in, by name: differences are grouped by it. */
  readonly features: string[];
  readonly asked: Asked;
  readonly pull: PullSpec;
  /** Pushes, earliest first. */
  readonly heads: HeadSpec[];
  /** Workflow runs, in the order of their creation. */
  readonly runs: RunSpec[];
  readonly statuses: StatusSpec[];
  /** Check runs of other apps. */
  readonly checks: AppCheckSpec[];
  readonly rules: RuleSpec[];
  /** Whether the repository has workflow files that start on pull requests. */
  readonly workflows: boolean;
  readonly actionsEnabled: boolean;
  readonly strangers: StrangerSpec[];
  readonly trouble: Trouble;
}

/** How p9 is asked. */
export interface Asked {
  /** When. */
  start: number;
  /** `number`; `push`: by a hook that knows the pushed commit; `created`: by a hook right after `gh pr create`; `branch`: the branch checked out here. */
  by: "number" | "push" | "created" | "branch";
  /** Of `branch`: what the clone's `origin` is. */
  clone: "own" | "fork";
  /** For how long it may watch. */
  until: number;
}

/** The pull request. */
export interface PullSpec {
  branch: string;
  /** Owner of the fork that the branch is in. */
  fork: string | null;
  /** Whether there is one at all: else all that is found is somebody else's. */
  exists: boolean;
  /** Seconds for which GitHub's replicas do not know it. */
  appears: number;
  mergeable: [number, "MERGEABLE" | "CONFLICTING" | "UNKNOWN"][];
  draft: [number, boolean][];
  ends: [number, "merge" | "close" | "reopen"][];
  queue: QueueSpec | null;
  reviews: ReviewSpec[];
  /** Review threads: when each is opened, and when it is resolved (`null` = never). */
  threads: [opened: number, resolved: number | null][];
}

/** Its way through a merge queue. */
export interface QueueSpec {
  enqueued: number;
  /** How the group's check ends, and when it does. */
  groupEnds: number;
  /** How it leaves: thrown out for that reason, or merged; `null` = it stays. */
  leaves: [number, "failed_checks" | "manual" | "merged"] | null;
  /** From when on the entry is UNMERGEABLE. */
  unmergeable: number | null;
}

export interface ReviewSpec {
  at: number;
  author: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  canWrite: boolean;
}

/** One push. */
export interface HeadSpec {
  at: number;
  label: string;
  force: boolean;
  message: string | null;
  /** Seconds for which GitHub shows the head before. */
  lag: number;
  /** Seconds for which GitHub shows nothing that reports on it. */
  checksLag: number;
}

/** One workflow run. */
export interface RunSpec {
  /** Index of the push. */
  head: number;
  workflow: string;
  event: "pull_request" | "push" | "pull_request_target";
  created: number;
  jobs: JobSpec[];
  group: { name: string; cancelInProgress: boolean } | null;
  /** Seconds after its creation at which a maintainer approves it, `null` = never, `undefined` = needs none. */
  approved?: number | null;
  /** Seconds after its creation at which a person cancels it. */
  cancelled?: number;
  /** When the failed or all jobs are run again. */
  reruns: { at: number; which: "failed" | "all" }[];
  /** It could not start at all. */
  broken: boolean;
}

/** One job. Seconds count from the start of its run, with an environment `starts` and `ends` from its release. */
export interface JobSpec {
  name: string;
  appears: number;
  starts: number | null;
  ends: number | null;
  conclusion: string;
  environment?: EnvironmentSpec;
  /** GitHub refused to start it. */
  refused?: "billing" | "locked";
  /** What each later attempt does: seconds after the re-run, and its conclusion. */
  again: { ends: number; conclusion: string }[];
}

export interface EnvironmentSpec {
  name: string;
  by: "timer" | "rule" | "reviewers";
  /** Seconds after the job appeared at which it is let go; `null` = never. */
  released: number | null;
}

export interface StatusSpec {
  head: number;
  context: string;
  app: string | null;
  states: [number, "PENDING" | "SUCCESS" | "FAILURE" | "ERROR"][];
}

export interface AppCheckSpec {
  head: number;
  app: string;
  name: string;
  appears: number;
  starts: number | null;
  ends: number | null;
  conclusion: string;
}

/** One ruleset, or the classic protection of the base. */
export interface RuleSpec {
  source: "ruleset" | "protection";
  required: { context: string; app: string | null }[];
  approvals: number;
  conversations: boolean;
  /** Workflows that must pass, by name. */
  workflows: string[];
  /** Tools whose results must be clean on the last head: when they are in, and what they say; `null` = never. */
  scans: { tool: string; at: number | null; alerts: boolean }[];
  /** Environments that the last head must have been deployed to: when it is. */
  deployments: { environment: string; at: number | null }[];
}

/** Somebody else's pull request of the same branch name, all of its checks long over. */
export interface StrangerSpec {
  number: number;
  fork: string | null;
  passes: boolean;
}

/** What stands between GitHub and who asks. */
export interface Trouble {
  /** Seconds that GitHub's clock is ahead of ours. */
  skew: number;
  /** Parts of answers that are missing, from–to. */
  holes: HoleSpec[];
  faults: {
    kind: "502" | "504" | "drop" | "secondary" | "secondary-bare" | "timeout" | "rate-limit";
    from: number;
    times: number;
    pause: number;
  }[];
  /** What the token may not read. */
  refused: ("actions" | "rules" | "checks")[];
}

export interface HoleSpec {
  what: "RESOURCE_LIMITS_EXCEEDED" | "FORBIDDEN" | "saml" | "SERVICE_UNAVAILABLE" | "repeats" | "counts";
  /** Of which part. */
  of: "pull" | "checks" | "threads" | "opinions";
  page?: number;
  node?: number;
  from: number;
  to: number | null;
}
