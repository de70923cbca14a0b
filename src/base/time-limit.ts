import { type Clock, systemClock } from "./clock.ts";

/** How long a piece of work may take. */
export interface TimeLimit {
  readonly ms: number;
  /** The error that is thrown when it takes longer. */
  readonly late: () => Error;
  /** Aborted when it takes longer. Work that ignores it goes on, and its result is dropped. */
  readonly stop?: AbortController;
  /** @default the machine's own */
  readonly clock?: Pick<Clock, "sleep">;
}

/** Runs `work` within a time limit. @throws the limit's error when the time is up. */
export async function withTimeLimit<T>(
  work: Promise<T>,
  { ms, late, stop, clock = systemClock }: TimeLimit,
): Promise<T> {
  const done = new AbortController();
  const timeUp = new Promise<never>((_, reject) => {
    void clock.sleep(ms, done.signal).then(() => {
      if (done.signal.aborted) return;
      // First, before the work can reject because it was stopped.
      reject(late());
      stop?.abort();
    });
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    // A timer keeps Deno running.
    done.abort();
  }
}
