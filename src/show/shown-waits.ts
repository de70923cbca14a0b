import { parseTimestamp } from "../base/clock.ts";
import { isFinal, isRunning, type State } from "../core/states.ts";
import { isPullRequest, type OfWait } from "../core/traits.ts";
import type { Wait } from "../core/wait.ts";
import type { View } from "../store/fold.ts";

/** Ended rows are hidden after this time (contract, `status`). */
const FORTNIGHT_MS = 14 * 86_400_000;

/** For how long people are shown what ended and is no pull request: a success, and anything else (ms). */
const SHOWN_MS = { success: 15 * 60_000, other: 86_400_000 } as const;

/** Whether a wait in `state` since `row.ts` is shown without being asked for: it runs, is a pull request, or ended lately. */
export function isNews(row: OfWait & { readonly ts: string }, state: State, now: number): boolean {
  const age = now - parseTimestamp(row.ts);
  return isRunning(state) || isPullRequest(row) || age < SHOWN_MS[state === "GREEN" ? "success" : "other"];
}

/** The waits that people are shown: what runs, and what ended within a fortnight and is neither final nor dismissed. `all`: these too. */
export function shownWaits(view: View, now: number, options: { readonly all?: boolean } = {}): readonly Wait[] {
  const horizon = now - FORTNIGHT_MS;
  return [...view.waits.values()].filter(({ state, ts, extra }) => {
    if (isRunning(state)) return true;
    return parseTimestamp(ts) >= horizon && (options.all || (!isFinal(state) && extra.dismissed !== true));
  });
}
