/** The states of a wait, whatever its kind; the names are kept from the Python p9. */
export const STATES = [
  "PUSHED",
  "WATCHING",
  "GREEN",
  "RED_CLASSIFIED",
  "RED_UNCLASSIFIED",
  "HEALING",
  "MERGE_READY",
  "MERGED",
  "ESCALATED",
  "ABANDONED",
] as const;

/** One of {@link STATES}. */
export type State = (typeof STATES)[number];

/** How a watch ended. `RED` stands for RED_CLASSIFIED or RED_UNCLASSIFIED, by whether the failure was classified. */
export const OUTCOMES = {
  succeeded: { state: "GREEN", exit: 0 },
  failed: { state: "RED", exit: 10 },
  cancelled: { state: "RED", exit: 10 },
  blocked: { state: "RED_UNCLASSIFIED", exit: 11 },
  missing_required: { state: "RED_UNCLASSIFIED", exit: 11 },
  no_checks: { state: "RED_UNCLASSIFIED", exit: 11 },
  no_runner: { state: "RED_UNCLASSIFIED", exit: 11 },
  ejected: { state: "RED_UNCLASSIFIED", exit: 11 },
  not_started: { state: "RED_UNCLASSIFIED", exit: 11 },
  timed_out: { state: "ABANDONED", exit: 12 },
  merged: { state: "MERGED", exit: 13 },
  closed: { state: "ABANDONED", exit: 13 },
  superseded: { state: "ABANDONED", exit: 13 },
  abandoned: { state: "ABANDONED", exit: 13 },
  skipped: { state: "ABANDONED", exit: 13 },
  no_pr: { state: "ABANDONED", exit: 13 },
  killed: { state: "ABANDONED", exit: 14 },
  unknown: { state: "ABANDONED", exit: 14 },
} as const satisfies Record<string, { state: State | "RED"; exit: number }>;

/** One of {@link OUTCOMES}. */
export type Outcome = keyof typeof OUTCOMES;

/** The state that an outcome leads to. Only `failed` and `cancelled` depend on whether the failure was classified. */
export function stateOf(outcome: Outcome, classified = false): State {
  const { state } = OUTCOMES[outcome];
  if (state !== "RED") return state;
  return classified ? "RED_CLASSIFIED" : "RED_UNCLASSIFIED";
}

/** The exit code of a foreground watch that ended so. */
export function exitOf(outcome: Outcome): number {
  return OUTCOMES[outcome].exit;
}

/**
 * THE STATE MACHINE: which state may follow which. WATCHING → PUSHED is the hand-back of a slice or of a slot; a state after
 * a verdict → WATCHING is a new cycle of the same wait (new head, heal, or watched again).
 */
export const NEXT: Record<State, readonly State[]> = {
  PUSHED: ["WATCHING", "MERGED", "ABANDONED"],
  WATCHING: ["PUSHED", "GREEN", "RED_CLASSIFIED", "RED_UNCLASSIFIED", "MERGED", "ABANDONED"],
  GREEN: ["WATCHING", "PUSHED", "MERGE_READY", "MERGED", "ABANDONED"],
  RED_CLASSIFIED: ["WATCHING", "PUSHED", "RED_UNCLASSIFIED", "HEALING", "ESCALATED", "MERGED", "ABANDONED"],
  RED_UNCLASSIFIED: ["WATCHING", "PUSHED", "RED_CLASSIFIED", "HEALING", "ESCALATED", "MERGED", "ABANDONED"],
  HEALING: ["WATCHING", "RED_CLASSIFIED", "RED_UNCLASSIFIED", "ESCALATED", "MERGED", "ABANDONED"],
  MERGE_READY: ["WATCHING", "PUSHED", "GREEN", "RED_CLASSIFIED", "RED_UNCLASSIFIED", "MERGED", "ABANDONED"],
  ESCALATED: ["WATCHING", "PUSHED", "HEALING", "MERGED", "ABANDONED"],
  MERGED: [],
  ABANDONED: [],
};

/** Whether `value` is one of the ten states. */
export function isState(value: unknown): value is State {
  return (STATES as readonly unknown[]).includes(value);
}

/** Whether nothing can follow: MERGED and ABANDONED. */
export function isFinal(state: State): boolean {
  return NEXT[state].length === 0;
}

/** Whether the watch itself is still running (or waiting for its slot): no verdict yet. */
export function isRunning(state: State): boolean {
  return state === "PUSHED" || state === "WATCHING" || state === "HEALING";
}

/** Whether a wait may go from `from` to `to`; a wait that is not there yet starts as PUSHED. */
export function mayFollow(from: State | null, to: State): boolean {
  return from === null ? to === "PUSHED" : NEXT[from].includes(to);
}
