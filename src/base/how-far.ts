import { formatDuration } from "./duration.ts";

/** How much of something is done, as far as it is known. */
export interface Amount {
  readonly done: number | null;
  readonly total: number | null;
  readonly percent: number | null;
}

/**
 * Words for the time until an expected end: `about 2m left`, `any moment now`, and when it is over `later than usual: 4m over`.
 * Negative: the end was expected so many seconds ago.
 */
export function timeLeft(leftS: number): string {
  const short = shortTimeLeft(leftS, formatDuration);
  return short === "any moment"
    ? "any moment now"
    : short.endsWith(" over")
      ? `later than usual: ${short}`
      : `about ${short}`;
}

/** The same for a column: `2m left`, `any moment`, `4m over`. Runs in the browser too, by its own text: it needs nothing beside it. */
export function shortTimeLeft(leftS: number, format: (seconds: number) => string): string {
  // An estimate of seconds is none, and one that has just passed says nothing yet.
  if (leftS >= 10) return `${format(leftS)} left`;
  return leftS > -30 ? "any moment" : `${format(-leftS)} over`;
}

/**
 * Words for an amount: `12/40 (30%)`, `30%`, and `all 40 done` before a watch has said its verdict; empty when nothing is known. Runs
 * in the browser too, by its own text.
 */
export function amountDone({ done, total, percent }: Amount): string {
  if (done !== null && total !== null && total > 1 && done >= total) return `all ${total} done`;
  if (done === null && percent !== null && percent >= 100) return "all done";
  const count = done === null ? "" : total === null ? `${done}` : `${done}/${total}`;
  if (percent === null) return count;
  // 100 only where all of it is done.
  const share = `${percent < 100 ? Math.min(99, Math.round(percent)) : 100}%`;
  return count ? `${count} (${share})` : share;
}
