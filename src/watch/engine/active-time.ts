import type { Clock } from "../../base/clock.ts";

/** A gap longer than the planned pause by more than this was no watching: the machine slept, or the process was stopped. */
const SLACK_MS = 30_000;

/**
 * Counts the seconds that a watch was really at it. The clock's jumps, a suspended laptop and a stopped process do not count,
 * so that none of them eats a deadline.
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
 * How many ms the wall clock was moved, by hand or by a machine that slept, since this was called: what the monotonic clock
 * does not know of. A moment of before that is kept as wall time has moved by as much.
 */
export function wallJumps(clock: Clock): () => number {
  const before = clock.now() - clock.monotonic();
  return () => clock.now() - clock.monotonic() - before;
}
