import type { Clock } from "../../base/clock.ts";

/** The wall clock and the monotonic one of this machine. */
export type LocalClock = Pick<Clock, "now" | "monotonic">;

/** HTTP's `Date` has whole seconds. */
const RESOLUTION_MS = 1000;
/** Clocks that differ by less are taken for the same: more cannot be told from whole seconds. */
const SAME_MS = 2000;

/**
 * What time it is at a server, by the `Date` of its answers. GitHub's times are compared with this and never with the local wall
 * clock, which may be hours off, or be set while p9 runs. Between two answers time goes on by the monotonic clock.
 */
export class ServerClock {
  readonly #clock: LocalClock;
  /** What the local wall clock is expected to be behind, before the first answer. */
  readonly #behindMs: () => number;
  /** The least and the most that the server's time can be ahead of the monotonic clock; null before the first answer. */
  #ahead: { readonly least: number; readonly most: number } | null = null;

  /** @param behindMs what another process found out of how far the local wall clock is behind the server's */
  constructor(clock: LocalClock, behindMs: () => number = () => 0) {
    this.#clock = clock;
    this.#behindMs = behindMs;
  }

  /** Milliseconds since the epoch at the server; before its first answer, as the local clock says. */
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
   * Learns from an answer. The server wrote its date at some moment between `sentAt` and now (monotonic, ms): each answer bounds
   * the difference of the clocks, and one that contradicts what was known (a machine that slept) replaces it.
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

/** Whether an answer is GitHub's: a page of whatever stands between here and there carries none of these headers, and that machine's time. */
export function isGitHubs(headers: Readonly<Record<string, string>>): boolean {
  return "x-github-request-id" in headers || "x-ratelimit-resource" in headers;
}

/** What came out of a cache was dated when it was put there. */
function age(headers: Readonly<Record<string, string>>): number {
  const seconds = Number(headers.age);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}
