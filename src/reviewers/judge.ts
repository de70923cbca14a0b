import { outsidePattern } from "../base/outside-pattern.ts";
import type { Act, Activity } from "./activity.ts";
import type { Reviewer, Signal, SignalMeaning } from "./describe/reviewer.ts";
import { isHollowText } from "./hollow-text.ts";

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

/**
 * Whether an act is this reviewer's. Anybody may give a check or a status its name: where its apps or accounts are known, what another made is
 * none of its own.
 */
export function isBy({ logins = [], apps = [], contexts = [] }: Reviewer, { in: place, by, name }: Act): boolean {
  if (place !== "check" && place !== "status") return by !== null && hasName(logins, by);
  if (place === "check" && by !== null && apps.length > 0) return hasName(apps, by);
  const makers = place === "check" ? [] : [...logins, ...apps.map((app) => `${app}[bot]`)];
  if (by !== null && makers.length > 0 && !hasName(makers, by)) return false;
  return contexts.some((source) => outsidePattern(`^(?:${source})$`, "i").test(name));
}

function hasName(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
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
  const means = isHollow(signal, act) ? "refused" : signal.means;
  const named = namedHead(signal, act);
  const sha = named ?? act.sha;
  // What should name its commit, and names none that can be read, is about no head.
  const isUnbound = signal.head === undefined && isAfter(means, act, headAt);
  return [{ means, act, ofHead: sha === null ? isUnbound : head.startsWith(sha), sha }];
}

/** Whether it says of its own work that it was not done, in words that its description does not know. */
function isHollow({ means, in: place }: Signal, { by, text }: Act): boolean {
  const isState = place === "status" || place === "check" || (place === "review" && by?.endsWith("[bot]") === true);
  return means === "done" && isState && isHollowText(text);
}

function matches({ in: place, is, text }: Signal, act: Act): boolean {
  if (place !== act.in || (is && !is.includes(act.is))) return false;
  return text === undefined || outsidePattern(text, "i").test(act.text);
}

/** The commit that its text names; fewer than seven digits may be those of any. */
function namedHead({ head }: Signal, act: Act): string | null {
  const named = head === undefined ? null : outsidePattern(head, "i").exec(act.text)?.[1];
  return named && /^[0-9a-f]{7,}$/i.test(named) ? named.toLowerCase() : null;
}

/**
 * Whether it was done after the head was pushed. What has no time stands now; when the push has none, nothing proves it, and what was done in the
 * very second of the push is no review of it.
 */
function isAfter(means: SignalMeaning, { at }: Act, headAt: number | null): boolean {
  if (at === null) return true;
  return headAt !== null && (means === "done" ? at > headAt : at >= headAt);
}
