import type { Clock } from "../../base/clock.ts";

/** An observer that ends at once is not started again sooner than that. */
const PAUSE_MS = 10_000;

/**
 * Runs a kind's wake-up signal beside its looks (`ci_watch.observer: gh`). That it ended, however, means "look now" and
 * nothing else: the verdict comes from the look.
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

  /** A look was made. */
  looked(): void {
    this.#woken = false;
  }

  /** Starts observing unless that goes on already. */
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

  /** Ends it: the watch is over, or watches another target. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
    this.#woken = false;
  }
}
