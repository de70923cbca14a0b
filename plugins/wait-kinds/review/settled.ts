import type { ExpectedReviewer, ReviewStanding } from "../../../src/github.ts";
import { isObject, type JsonObject } from "../../../src/plugin.ts";
import type { Conversation } from "./conversation.ts";
import { newsOf } from "./news.ts";

/** How long reviewers may take with a head, in seconds: policy `ci_watch.reviews.settle`. */
export interface SettleTimes {
  /** Without anything new. */
  readonly quiet: number;
  /** Of a reviewer that has begun, without a sign of it. */
  readonly lifecycle: number;
  /** In all. */
  readonly ceiling: number;
}

/** What a head's settling depends on. Times in ms since the epoch, by GitHub's clock. */
export interface SettleFacts {
  readonly standing: ReviewStanding;
  readonly conversation: Conversation;
  /** When the head was pushed or, if later, the wait began. */
  readonly begunAt: number;
  readonly now: number;
  readonly times: SettleTimes;
}

/** Whether reviewers have settled on a head. `over`: they have not, and are not waited for any longer. */
export type Settled =
  | { readonly is: "settled" }
  | { readonly is: "over"; readonly missing: readonly ExpectedReviewer[] }
  | { readonly is: "open"; readonly missing: readonly ExpectedReviewer[]; readonly inS: number };

/**
 * Whether every expected reviewer is done with the head, or has refused it. After the last one nothing new may come from anybody else for
 * the quiet time. Pure.
 */
export function whetherSettled({ standing, conversation, begunAt, now, times }: SettleFacts): Settled {
  const ceilingAt = begunAt + times.ceiling * 1000;
  const missing = standing.policy.wait ? standing.reviewers.filter(isMissing) : [];
  if (missing.length > 0) {
    const until = Math.max(...missing.map((one) => patience(one, begunAt, times)));
    return open(missing, Math.min(until, ceilingAt), now) ?? { is: "over", missing };
  }
  const quietSince = lastOfOthers(standing, conversation, begunAt);
  const until = quietSince === null ? now : Math.min(quietSince + times.quiet * 1000, ceilingAt);
  return open([], until, now) ?? { is: "settled" };
}

/** The times of a policy. */
export function settleTimes(config: JsonObject): SettleTimes {
  const reviews = isObject(config.reviews) ? config.reviews : {};
  const given = isObject(reviews.settle) ? reviews.settle : {};
  const seconds = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);
  return {
    quiet: seconds(given.quiet, 300),
    lifecycle: seconds(given.lifecycle, 900),
    ceiling: seconds(given.ceiling, 1800),
  };
}

function isMissing({ state }: ExpectedReviewer): boolean {
  return state === "running" || state === "silent";
}

function open(missing: readonly ExpectedReviewer[], until: number, now: number): Settled | null {
  return until > now ? { is: "open", missing, inS: (until - now) / 1000 } : null;
}

/** Until when a reviewer is waited for: one that has begun as long as it gives signs, a silent one to the ceiling. */
function patience({ state, act }: ExpectedReviewer, begunAt: number, times: SettleTimes): number {
  if (state === "silent") return begunAt + times.ceiling * 1000;
  return Math.max(act?.at ?? begunAt, begunAt) + times.lifecycle * 1000;
}

/**
 * When somebody last did something whose end nobody announces: a person, or a bot that p9 does not know. Where no reviewer is expected, the
 * push is that. Null: all that is there belongs to reviews that are done.
 */
function lastOfOthers({ reviewers }: ReviewStanding, conversation: Conversation, begunAt: number): number | null {
  const logins = new Set(reviewers.flatMap(({ reviewer }) => reviewer.logins ?? []));
  const others = newsOf(conversation).filter(({ author }) => !logins.has(author) && !logins.has(`${author}[bot]`));
  const times = [...others.map(({ at }) => at), ...(reviewers.length === 0 ? [begunAt] : [])];
  return times.length > 0 ? Math.max(...times) : null;
}
