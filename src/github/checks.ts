/** State of a check in p9, whatever GitHub calls it. */
export type CheckState =
  | "queued"
  | "running"
  | "succeeded"
  | "neutral"
  | "skipped"
  | "failed"
  | "cancelled"
  | "blocked"
  | "unknown";

/** `CheckConclusionState`: the end of a check run or suite. */
const CONCLUSIONS: Readonly<Record<string, CheckState>> = {
  SUCCESS: "succeeded",
  NEUTRAL: "neutral",
  SKIPPED: "skipped",
  FAILURE: "failed",
  TIMED_OUT: "failed",
  STARTUP_FAILURE: "failed",
  STALE: "failed",
  CANCELLED: "cancelled",
  ACTION_REQUIRED: "blocked",
};

/**
 * `CheckStatusState` of a run that has not ended. `WAITING` means any deployment protection rule (a timer, an app, a reviewer) and
 * `PENDING` a concurrency group; `withCauses` reads whether a reviewer must act.
 */
const STATUSES: Readonly<Record<string, CheckState>> = {
  REQUESTED: "queued",
  QUEUED: "queued",
  PENDING: "queued",
  IN_PROGRESS: "running",
  WAITING: "queued",
};

/** `StatusState`: a commit status context. */
const CONTEXT_STATES: Readonly<Record<string, CheckState>> = {
  EXPECTED: "queued",
  PENDING: "running",
  SUCCESS: "succeeded",
  FAILURE: "failed",
  ERROR: "failed",
};

/**
 * The state of a check run, check suite or workflow run, from GitHub's `status` and `conclusion` in upper or lower case. Total: an
 * undocumented value is `unknown`, which counts as pending.
 */
export function checkRunState(status: string | null, conclusion: string | null): CheckState {
  if (status?.toUpperCase() === "COMPLETED") return CONCLUSIONS[conclusion?.toUpperCase() ?? ""] ?? "unknown";
  return STATUSES[status?.toUpperCase() ?? ""] ?? "unknown";
}

/** The state of a commit status context. Total, as {@link checkRunState}. */
export function statusContextState(state: string): CheckState {
  return CONTEXT_STATES[state.toUpperCase()] ?? "unknown";
}

/** Whether a check in this state allows a merge. */
export function hasPassed(state: CheckState): boolean {
  return state === "succeeded" || state === "neutral" || state === "skipped";
}

/** Whether the state may still change by itself. */
export function isPending(state: CheckState): boolean {
  return state === "queued" || state === "running" || state === "unknown";
}

/** Every value that the three tables know, for the reference page and its test. */
export const KNOWN_VALUES = {
  CheckConclusionState: CONCLUSIONS,
  CheckStatusState: STATUSES,
  StatusState: CONTEXT_STATES,
} as const;
