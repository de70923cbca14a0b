import type { Clock } from "../../base/clock.ts";

/** Minimum time in ms between two starts of an observer. */
const PAUSE_MS = 10_000;

/**
 * Runs a kind's wake-up signal beside its looks (`ci_watch.observer: gh`). The end of the observer, however it comes, only means
 * "look now"; the verdict comes from the look.
 */
export class Observer {
  readonly #clock: Pick<Clock, "monotonic">;
  #running: AbortController | null = null;
  #startedAt = Number.NEGATIVE_INFINITY;
  #woken = false;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Whether a look is worth while now. */
  get woken(): boolean {
    return this.#woken;
  }

  /** Resets the signal after a look. */
  looked(): void {
    this.#woken = false;
  }

  /** Starts the observer unless it runs. */
  start(observe: (signal: AbortSignal) => Promise<void>): void {
    if (this.#running || this.#clock.monotonic() - this.#startedAt < PAUSE_MS) return;
    const running = new AbortController();
    this.#running = running;
    this.#startedAt = this.#clock.monotonic();
    const done = () => {
      if (this.#running !== running) return;
      this.#running = null;
      this.#woken = true;
    };
    observe(running.signal).then(done, done);
  }

  /** Stops the observer, when the watch is over or has another target. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
    this.#woken = false;
  }
}
