import { parseDuration } from "../../base/duration.ts";
import { errorText, UsageError } from "../../core/errors.ts";

/** Readers of option values: each gives the value, or throws a {@link UsageError} that names the value and what is wanted. */

/** Seconds of a duration. */
export function durationValue(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new UsageError(errorText(error));
  }
}

/** Seconds of a duration that is more than nothing. */
export function spanValue(text: string): number {
  const seconds = durationValue(text);
  if (seconds > 0) return seconds;
  throw new UsageError(`Cannot use the duration "${text}": wanted more than 0`);
}

/** A reader of whole numbers of at least `least`. */
export function countValue(what: string, least = 1): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < least || !Number.isSafeInteger(Number(text))) {
      throw new UsageError(`Cannot read ${what} "${text}": wanted a whole number of at least ${least}`);
    }
    return Number(text);
  };
}

/** A pull request's number, with or without `#`. */
export function prValue(text: string): number {
  const number = countValue("pull request")(text.replace(/^#/, ""));
  if (number <= MOST_NUMBER) return number;
  throw new UsageError(`Cannot find pull request #${number}: GitHub numbers them up to ${MOST_NUMBER}`);
}

/** GitHub's own limit: a larger number is refused as a fault of the request. */
const MOST_NUMBER = 2 ** 31 - 1;

/** Milliseconds since the epoch of a point in the past: a duration back from `now`, or a date. */
export function sinceValue(now: number): (text: string) => number {
  return (text) => {
    const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(at)) return at;
    const back = backFrom(now, text);
    // What began before the calendar is no time stamp.
    if (back !== null && !Number.isNaN(new Date(back).getTime())) return back;
    throw new UsageError(
      `Cannot read --since "${text}": wanted a duration such as 6h, or a date such as 2026-01-31T12:00`,
    );
  };
}

function backFrom(now: number, text: string): number | null {
  try {
    return now - parseDuration(text) * 1000;
  } catch {
    return null;
  }
}

/** Names of one or several repetitions of an option, each of which may list several with commas. */
export function listValue(text: string, before: readonly string[] | undefined): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  return [...(before ?? []), ...names.filter(Boolean)];
}
