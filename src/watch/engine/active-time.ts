import type { Clock } from "../../base/clock.ts";

/** A gap longer than the planned pause by more than this does not count: the machine slept, or the process was stopped. */
const SLACK_MS = 30_000;

/**
 * Counts the seconds in which a watch was really running. Clock jumps, a suspended laptop and a stopped process do not count, so
 * that none of them uses up a deadline.
 */
export class ActiveTime {
  readonly #clock: Clock;
  #usedMs: number;
  #lastMs: number;
  #plannedMs = 0;

  constructor(clock: Clock, usedS: number) {
    this.#clock = clock;
    this.#usedMs = usedS * 1000;
    this.#lastMs = clock.monotonic();
  }

  /** Counts what passed since the last call and returns the seconds used so far. */
  spend(): number {
    const now = this.#clock.monotonic();
    this.#usedMs += Math.min(Math.max(0, now - this.#lastMs), this.#plannedMs + SLACK_MS);
    this.#lastMs = now;
    this.#plannedMs = 0;
    return this.seconds;
  }

  /** Says how long the next pause is meant to be. */
  plan(ms: number): void {
    this.#plannedMs = ms;
  }

  get seconds(): number {
    return this.#usedMs / 1000;
  }
}

/**
 * Returns how far the wall clock has been moved since this call, in ms: by hand, or by a machine that slept. Add it to wall times
 * that were kept before.
 */
export function wallJumps(clock: Clock): () => number {
  const before = clock.now() - clock.monotonic();
  return () => clock.now() - clock.monotonic() - before;
}
