import type { Clock } from "../../base/clock.ts";

/** The wall clock and the monotonic clock of this machine. */
export type LocalClock = Pick<Clock, "now" | "monotonic">;

/** Resolution of HTTP's `Date`: whole seconds. */
const RESOLUTION_MS = 1000;
/** Clocks that differ by less count as equal, because `Date` has only whole seconds. */
const SAME_MS = 2000;

/**
 * Estimates the time at a server by the `Date` of its answers, and by the monotonic clock between them. GitHub's times are compared
 * with this, never with the local wall clock, which may be hours off or be set while p9 runs.
 */
export class ServerClock {
  readonly #clock: LocalClock;
  /** How far the local wall clock is expected to be behind before the first answer. */
  readonly #behindMs: () => number;
  /** Bounds of the server's time minus the monotonic clock; null before the first answer. */
  #ahead: { readonly least: number; readonly most: number } | null = null;

  /** @param behindMs how far another process found the local wall clock to be behind the server's */
  constructor(clock: LocalClock, behindMs: () => number = () => 0) {
    this.#clock = clock;
    this.#behindMs = behindMs;
  }

  /** Milliseconds since the epoch at the server; before its first answer, by the local clock and `behindMs`. */
  now(): number {
    if (this.#ahead === null) return this.#clock.now() + this.#behindMs();
    const local = this.#clock.now();
    const theirs = this.#clock.monotonic() + (this.#ahead.least + this.#ahead.most) / 2;
    return Math.abs(theirs - local) < SAME_MS ? local : theirs;
  }

  /** How far the local wall clock is behind the server's (ms), or null before the first answer. */
  behindMs(): number | null {
    return this.#ahead === null ? null : Math.round(this.now() - this.#clock.now());
  }

  /**
   * Narrows the bounds by an answer: the server wrote its date between `sentAt` and now (monotonic, ms). An answer that contradicts
   * the bounds (after the machine slept) replaces them.
   */
  learn(headers: Readonly<Record<string, string>>, sentAt: number): void {
    const date = isGitHubs(headers) ? Date.parse(headers.date ?? "") + age(headers) : Number.NaN;
    if (!Number.isFinite(date)) return;
    const seen = { least: date - this.#clock.monotonic(), most: date + RESOLUTION_MS - sentAt };
    const both = this.#ahead && {
      least: Math.max(seen.least, this.#ahead.least),
      most: Math.min(seen.most, this.#ahead.most),
    };
    this.#ahead = both && both.least <= both.most ? both : seen;
  }
}

/** Whether an answer is GitHub's: a proxy's page has none of these headers, and the proxy's time. */
export function isGitHubs(headers: Readonly<Record<string, string>>): boolean {
  return "x-github-request-id" in headers || "x-ratelimit-resource" in headers;
}

/** Time that an answer spent in a cache, by its `Age` (ms). */
function age(headers: Readonly<Record<string, string>>): number {
  const seconds = Number(headers.age);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}
