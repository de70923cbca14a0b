import { outsidePattern } from "../base/outside-pattern.ts";
import type { Act, Activity } from "./activity.ts";
import type { Reviewer, Signal, SignalMeaning } from "./describe/reviewer.ts";

/** How a reviewer stands to one head. `silent`: it has said nothing about it. */
export interface ReviewerState {
  readonly reviewer: Reviewer;
  readonly state: SignalMeaning | "silent";
  /** What it said; null when it is silent. */
  readonly act: Act | null;
  /** Sha of an earlier head that it is done with, as far as it named it; null: none. */
  readonly earlier: string | null;
  /** Whether it gave any signal on this pull request. */
  readonly seen: boolean;
}

/** A signal of a reviewer that was found in an act. */
interface Sign {
  readonly means: SignalMeaning;
  readonly act: Act;
  /** Whether it is about the head. */
  readonly ofHead: boolean;
  /** Sha that it names, or its start. */
  readonly sha: string | null;
}

/**
 * Tells how a reviewer stands to the head of a pull request. The latest of its signals about the head counts; of two at the same time the
 * one that claims less. Pure.
 *
 * @throws {SlowPatternError} for an expression of an outside description that takes too long.
 */
export function judgeReviewer(reviewer: Reviewer, activity: Activity): ReviewerState {
  const acts = activity.acts.filter((act) => isBy(reviewer, act));
  const signs = acts.flatMap((act) => readSign(reviewer, act, activity));
  const last = lastWord(signs.filter((sign) => sign.ofHead).toSorted(byTime));
  const earlier = signs.filter((sign) => !sign.ofHead && sign.means === "done").toSorted(byTime);
  return {
    reviewer,
    state: last?.means ?? "silent",
    act: last?.act ?? null,
    earlier: earlier.at(-1)?.sha ?? null,
    seen: signs.length > 0,
  };
}

/** The sign that counts. A commit that a review is there of stays reviewed when another review of it is refused. */
function lastWord(signs: readonly Sign[]): Sign | undefined {
  const reviewed = signs.findLast(({ means, act }) => means === "done" && act.in === "review");
  const last = signs.at(-1);
  return reviewed && last?.means === "refused" ? reviewed : last;
}

/** Whether an act is a signal of this reviewer, whatever it means. */
export function isSignal(reviewer: Reviewer, act: Act): boolean {
  return isBy(reviewer, act) && reviewer.signals.some((signal) => matches(signal, act));
}

/** Whether an act is this reviewer's. */
export function isBy({ logins = [], apps = [], contexts = [] }: Reviewer, { in: place, by, name }: Act): boolean {
  const names = place === "check" || place === "status" ? apps : logins;
  if (by !== null && names.some((one) => one.toLowerCase() === by.toLowerCase())) return true;
  if (place !== "check" && place !== "status") return false;
  return contexts.some((source) => outsidePattern(`^(?:${source})$`, "i").test(name));
}

const CLAIMS: readonly SignalMeaning[] = ["done", "running", "refused"];

function byTime(one: Sign, other: Sign): number {
  // A request has no time: it stands until the review is there, so it is the last word.
  const [a, b] = [one.act.at ?? Number.POSITIVE_INFINITY, other.act.at ?? Number.POSITIVE_INFINITY];
  return a === b ? CLAIMS.indexOf(one.means) - CLAIMS.indexOf(other.means) : a - b;
}

function readSign(reviewer: Reviewer, act: Act, { head, headAt }: Activity): Sign[] {
  const signal = reviewer.signals.find((one) => matches(one, act));
  if (!signal) return [];
  const sha = namedHead(signal, act);
  const ofHead = sha === null ? isAfter(act, headAt) : head.startsWith(sha);
  return [{ means: signal.means, act, ofHead, sha }];
}

function matches({ in: place, is, text }: Signal, act: Act): boolean {
  if (place !== act.in || (is && !is.includes(act.is))) return false;
  return text === undefined || outsidePattern(text, "i").test(act.text);
}

function namedHead({ head }: Signal, act: Act): string | null {
  const named = head === undefined ? null : outsidePattern(head, "i").exec(act.text)?.[1];
  return named?.toLowerCase() ?? act.sha;
}

/** Whether it was done after the head was pushed. What has no time stands now; when the push has none, nothing proves it. */
function isAfter({ at }: Act, headAt: number | null): boolean {
  return at === null || (headAt !== null && at >= headAt);
}
