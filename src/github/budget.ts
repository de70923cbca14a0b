import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../base/json.ts";
import { GitHubError } from "./errors.ts";
import { countPoints } from "./points.ts";
import type { ServerClock } from "./time/server-clock.ts";

/** GitHub's two primary budgets. */
export type Resource = "graphql" | "core";

/** Share of the hourly limit that p9 leaves to the user, whatever it watches. */
const KEPT_FOR_USER = 0.4;
/** Below that share p9 still looks, but only once in so many seconds, all drivers of a home together. */
const TRICKLE_S = 60;
/** Who is let through may finish its look: some take more than one request, and a half brings no verdict. */
const LOOK_S = 5;
/** A window of the primary limit is an hour: what lies further ahead was written by a clock that was wrong. */
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
  /** Until when GitHub's secondary limit holds, and for how long it was set. */
  readonly holdUntil?: number;
  readonly holdMs?: number;
  /** How far the local wall clock was behind GitHub's at the last answer (ms): a process that starts knows no other. */
  readonly behindMs?: number;
}

/** What p9 knows of the rate limits, shared through a small file by all drivers of one home. */
export interface Budget {
  /** @throws {GitHubError} `rate-limit` when a request now would take what is kept for the user. */
  take(resource: Resource): void;
  /** GitHub asked to be left alone for so many seconds: nobody asks until then. */
  hold(seconds: number): void;
  /** Learns from an answer's headers. */
  learn(headers: Readonly<Record<string, string>>): void;
  /** Counts the GraphQL points that a query cost, for `p9 stats`. */
  spent(points: number): void;
  /** How far the local wall clock is behind GitHub's, as the last process that had an answer found it. */
  behindMs(): number;
}

/**
 * Reads and writes `github-budget.json` in the state directory, one entry per account: GitHub counts by login, and each host
 * by itself. It is a hint, not a ledger: a lost update costs one
 * request, so it needs no lock; it is written whole and renamed.
 */
export function sharedBudget(home: string, clock: ServerClock, account: string): Budget {
  const now = () => clock.now();
  const letThrough = { graphql: Number.NEGATIVE_INFINITY, core: Number.NEGATIVE_INFINITY };
  const path = join(home, "github-budget.json");
  const read = () => readAccounts(path)[account] ?? {};
  const write = (windows: Known) => {
    const temporary = `${path}.${process.pid}`;
    try {
      const accounts = { ...readAccounts(path), [account]: windows };
      writeFileSync(temporary, JSON.stringify({ accounts }), { mode: 0o600 });
      renameSync(temporary, path);
    } catch {
      // A home that cannot be written is reported by whatever has to keep state; looking works without the hint.
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
  const until = new Date(window.resetAt).toISOString().slice(11, 16);
  const text = `GitHub's rate limit has ${percent} % left until ${until} UTC, which p9 keeps for you`;
  return new GitHubError("rate-limit", text, { retryAfterS });
}

function readAccounts(path: string): Readonly<Record<string, Known>> {
  try {
    const file: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isObject(file) && isObject(file.accounts) ? (file.accounts as Record<string, Known>) : {};
  } catch {
    return {};
  }
}

/** A budget that knows nothing and allows everything: for commands that ask once. */
export const noBudget: Budget = { take() {}, hold() {}, learn() {}, spent() {}, behindMs: () => 0 };
