import { join } from "node:path";
import { isObject } from "../base/json.ts";
import { localTime } from "../base/local-time.ts";
import { readSmallFile } from "../base/small-file.ts";
import { replaceFile } from "../store/files.ts";
import { GitHubError } from "./errors.ts";
import { countPoints } from "./points.ts";
import type { ServerClock } from "./time/server-clock.ts";

/** GitHub's two primary rate limits. */
export type Resource = "graphql" | "core";

/** Share of the hourly limit that p9 leaves to the user. */
const KEPT_FOR_USER = 0.4;
/** Seconds between requests below that share, for all drivers of a home together. */
const TRICKLE_S = 60;
/** Seconds in which a process that was let through may make further requests, to finish its look. */
const LOOK_S = 5;
/** Length of a window of the primary limit; a later reset was written by a wrong clock. */
const WINDOW_MS = 3_600_000;

interface Window {
  readonly limit: number;
  readonly remaining: number;
  /** ms since the epoch, as all times here by GitHub's clock. */
  readonly resetAt: number;
  /** When the last request below the kept share was let through. */
  readonly lastTrickle: number;
}

interface Known {
  readonly graphql?: Window;
  readonly core?: Window;
  /** When GitHub's secondary limit ends, and how long it was at first. */
  readonly holdUntil?: number;
  readonly holdMs?: number;
  /** How far the local wall clock was behind GitHub's at the last answer (ms), for a process that starts. */
  readonly behindMs?: number;
}

/** The known state of the rate limits, shared by all drivers of one home through a small file. */
export interface Budget {
  /** Allows a request. @throws {GitHubError} `rate-limit` when it would use the user's share, `secondary-limit` during a hold. */
  take(resource: Resource): void;
  /** Blocks all requests for the seconds that GitHub asked to wait. */
  hold(seconds: number): void;
  /** Reads the rate limit from an answer's headers. */
  learn(headers: Readonly<Record<string, string>>): void;
  /** Counts the GraphQL points that a query cost, for `p9 stats`. */
  spent(points: number): void;
  /** How far the local wall clock is behind GitHub's (ms), by the last answer of any process. */
  behindMs(): number;
}

/**
 * Makes a budget kept in `github-budget.json` in the state directory, one entry per account, because GitHub counts by host and
 * login. The file is written whole and renamed, without a lock: a lost update costs one request.
 */
export function sharedBudget(home: string, clock: ServerClock, account: string): Budget {
  const now = () => clock.now();
  const letThrough = { graphql: Number.NEGATIVE_INFINITY, core: Number.NEGATIVE_INFINITY };
  const path = join(home, "github-budget.json");
  const read = () => readAccounts(path)[account] ?? {};
  const write = (windows: Known) => {
    try {
      const accounts = { ...readAccounts(path), [account]: windows };
      replaceFile(path, JSON.stringify({ accounts }), { sync: false });
    } catch {
      // The store reports a home that cannot be written; looking works without the file.
    }
  };
  return {
    take(resource) {
      const windows = read();
      const { holdUntil = 0, holdMs = 0 } = windows;
      const held = Math.ceil(Math.min(holdUntil - now(), holdMs) / 1000);
      if (held > 0) throw new GitHubError("secondary-limit", `GitHub asks to wait ${held} s`, { retryAfterS: held });
      const window = windows[resource];
      if (!window || window.remaining > window.limit * KEPT_FOR_USER) return;
      const leftMs = window.resetAt - now();
      if (leftMs <= 0 || leftMs > WINDOW_MS) return;
      if (window.remaining > 0 && now() - letThrough[resource] < LOOK_S * 1000) return;
      const trickleMs = Math.min(window.lastTrickle - now(), 0) + TRICKLE_S * 1000;
      const waitMs = window.remaining > 0 ? trickleMs : leftMs;
      if (waitMs > 0) throw reservedError(window, Math.ceil(waitMs / 1000));
      letThrough[resource] = now();
      write({ ...windows, [resource]: { ...window, lastTrickle: now() } });
    },
    hold(seconds) {
      write({ ...read(), holdUntil: now() + seconds * 1000, holdMs: seconds * 1000 });
    },
    learn(headers) {
      const resource: Resource = headers["x-ratelimit-resource"] === "core" ? "core" : "graphql";
      const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
        Number(headers[`x-ratelimit-${name}`]),
      );
      if (!limit || remaining === undefined || !reset || !headers["x-ratelimit-resource"]) return;
      const windows = read();
      const lastTrickle = windows[resource]?.lastTrickle ?? 0;
      const behindMs = clock.behindMs() ?? windows.behindMs;
      write({ ...windows, [resource]: { limit, remaining, resetAt: reset * 1000, lastTrickle }, behindMs });
    },
    spent: (points) => countPoints(home, new Date(now()).toISOString().slice(0, 10), points),
    behindMs: () => read().behindMs ?? 0,
  };
}

function reservedError(window: Window, retryAfterS: number): GitHubError {
  const percent = Math.floor((100 * window.remaining) / window.limit);
  const until = localTime(window.resetAt, window.resetAt);
  const text = `GitHub's rate limit has ${percent} % left until ${until}, which p9 keeps for you`;
  return new GitHubError("rate-limit", text, { retryAfterS });
}

function readAccounts(path: string): Readonly<Record<string, Known>> {
  try {
    const file: unknown = JSON.parse(readSmallFile(path));
    return isObject(file) && isObject(file.accounts) ? (file.accounts as Record<string, Known>) : {};
  } catch {
    return {};
  }
}

/** A budget that allows everything, for a client without a home. */
export const noBudget: Budget = { take() {}, hold() {}, learn() {}, spent() {}, behindMs: () => 0 };
