/** Where a server reads the time. Milliseconds since the epoch, as `Date.now`. */
export interface Clock {
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  /** Moves the clock forward by this many seconds. */
  advance(seconds: number): void;
  /** The same time: nothing else moves it. */
  monotonic(): number;
}

/** Makes a clock that starts at a fixed instant, so that runs are alike. */
export function manualClock(start = Date.UTC(2026, 0, 5, 12)): ManualClock {
  let now = start;
  return {
    now: () => now,
    monotonic: () => now,
    advance(seconds) {
      now += seconds * 1000;
    },
  };
}

/** The instant as GitHub prints it: `2026-01-05T12:00:00Z`. */
export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Like `iso`, for times that may not have come yet. */
export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

/**
 * The same clock some seconds off: the server's time where the test's own is wrong. GitHub's times, its `Date` header and its resets are then
 * all in server time (microsoft/WSL#5324, #10006: a virtual machine's clock after the host slept).
 */
export function skewedClock(clock: Clock, seconds: number): Clock {
  return { now: () => clock.now() + seconds * 1000 };
}
