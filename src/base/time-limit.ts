import { type Clock, systemClock } from "./clock.ts";

/** How long a piece of work may take. */
export interface TimeLimit {
  readonly ms: number;
  /** The error that is thrown when it takes longer. */
  readonly late: () => Error;
  /** Aborted when it takes longer; work that does not listen goes on, and nobody hears of it. */
  readonly stop?: AbortController;
  /** @default the machine's own */
  readonly clock?: Pick<Clock, "sleep">;
}

/** What `work` comes to within its time limit. @throws the limit's error when the time is up. */
export async function withTimeLimit<T>(
  work: Promise<T>,
  { ms, late, stop, clock = systemClock }: TimeLimit,
): Promise<T> {
  const done = new AbortController();
  const timeUp = new Promise<never>((_, reject) => {
    void clock.sleep(ms, done.signal).then(() => {
      if (done.signal.aborted) return;
      // Before the work can reject because it was stopped.
      reject(late());
      stop?.abort();
    });
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    // Deno does not leave while a timer runs.
    done.abort();
  }
}
