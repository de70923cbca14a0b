/** Input of the evaluator: this red, or the one before the last heal. */
export interface Cycle {
  readonly signature: string;
  /** Number of failing lines. */
  readonly failures: number;
  readonly confidence: number;
}

/** The score of one heal cycle, 0 to 1. */
export interface Evaluation {
  readonly score: number;
  /** Below the floor: the last heal did not bring the pull request nearer to green. */
  readonly stalled: boolean;
  readonly parts: {
    readonly signature_changed: boolean;
    readonly failures_decreased: boolean;
    readonly budget: number;
    readonly confidence: number;
  };
}

/**
 * score = 0.4 signature changed + 0.3 failures decreased + 0.2 budget remaining (1 − attempt/max) + 0.1 classifier confidence.
 * Before the first heal nothing has repeated yet, so the signature counts as changed.
 */
export function evaluate(
  now: Cycle,
  before: Cycle | null,
  attempt: number,
  maxAttempts: number,
  floor: number,
): Evaluation {
  const signature_changed = before === null || before.signature !== now.signature;
  const failures_decreased = before !== null && now.failures < before.failures;
  const budget = maxAttempts <= 0 ? 0 : Math.max(0, 1 - attempt / maxAttempts);
  const raw = (signature_changed ? 0.4 : 0) + (failures_decreased ? 0.3 : 0) + 0.2 * budget + 0.1 * now.confidence;
  const score = Math.round(raw * 1000) / 1000;
  return {
    score,
    stalled: score < floor,
    parts: { signature_changed, failures_decreased, budget, confidence: now.confidence },
  };
}

/** Whether the last two scored cycles were both stalled. Scores oldest first; null: not scored. */
export function stalledTwice(scores: readonly (number | null)[], floor: number): boolean {
  const last = scores.filter((score) => score !== null).slice(-2);
  return last.length === 2 && last.every((score) => score < floor);
}
