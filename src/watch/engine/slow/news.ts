import { isOutcome, type LookResult } from "../../../contract/wait-kind.ts";
import type { Told } from "../../../core/events.ts";
import type { Wait } from "../../../core/wait.ts";

/** How far a service's clock may be ahead of this one. */
const AHEAD_MS = 86_400_000;

type Known = Pick<Wait, "sha" | "extra">;

/** The moment of a look's newest news; 0 for one that cannot be: it would hide all that comes after it. Undefined: its kind has no news. */
export function newsMoment(newsAt: number | undefined, now: number): number | undefined {
  if (newsAt === undefined) return undefined;
  return newsAt >= 0 && newsAt <= now + AHEAD_MS ? newsAt : 0;
}

/**
 * Whether a look tells what was not told yet: something newer, or an outcome that was not told of this head since the newest news. So what
 * goes to and fro is told once each way.
 */
export function isNews(wait: Known, { status, newsAt }: LookResult, now: number): boolean {
  const told = toldOf(wait);
  if ((newsMoment(newsAt, now) ?? 0) > told.at) return true;
  return isOutcome(status) && !told.outcomes.includes(status);
}

/** Whether an outcome was told of this head before, and nothing newer was said since: whoever waits knows it. */
export function isHeard(wait: Known, outcome: string, newest: number): boolean {
  const { at, heard = [] } = toldOf(wait);
  return newest <= at && heard.includes(outcome);
}

/** What a row keeps when an outcome is told, with news up to a moment (ms); or begins a cycle, which tells it of nobody. */
export function toldWith(wait: Known, outcome: string, newest: number, isTold = true): Told {
  const told = toldOf(wait);
  const heard = isTold ? [outcome] : [];
  if (told.sha !== wait.sha || newest > told.at) return { sha: wait.sha, at: newest, outcomes: [outcome], heard };
  const union = (all: readonly string[] = [], more: readonly string[]) => [...new Set([...all, ...more])];
  return { ...told, outcomes: union(told.outcomes, [outcome]), heard: union(told.heard, heard) };
}

/** What was told of the commit that is watched, also by a version that kept the last outcome only. */
function toldOf({ sha, extra }: Known): Told {
  if (extra.told?.sha === sha) return extra.told;
  const { outcome, news_at: at = 0 } = extra;
  return { sha: outcome === undefined ? null : sha, at, outcomes: outcome === undefined ? [] : [outcome] };
}
