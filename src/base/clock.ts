/** A clock; tests inject their own, so that nothing sleeps. */
export interface Clock {
  /** Wall time in milliseconds since the epoch: for records and comparison with other machines. */
  now(): number;
  /** Milliseconds that only ever grow and do not count a suspended machine: for deadlines and intervals. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` is aborted (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. On Linux `performance.now()` is CLOCK_MONOTONIC, which stops while the machine sleeps. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(Math.max(ms, 0), 2 ** 31 - 1));
      signal?.addEventListener("abort", done, { once: true });
    }),
};

/** A record's time stamp: `YYYY-MM-DDTHH:MM:SS+00:00`, which sorts as text and which Python 3.10 can read. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

/** How far ahead of this clock another's may be: what synchronizing moves it. */
const AHEAD_MS = 60_000;

/**
 * Milliseconds since a recorded time. Infinite for one in the future: the clock that wrote it was wrong, and it must not keep
 * anything waiting until this clock gets there.
 */
export function ageMs(at: number, now: number): number {
  const age = now - at;
  return age > -AHEAD_MS ? Math.max(0, age) : Number.POSITIVE_INFINITY;
}

/** Milliseconds of a record's time stamp; NaN when it is none. */
export function parseTimestamp(text: string): number {
  return Date.parse(text);
}
