import { parseTimestamp } from "../base/clock.ts";
import { isFinal, isRunning } from "../core/states.ts";
import type { Wait } from "../core/wait.ts";
import type { View } from "../store/fold.ts";

/** Ended rows are hidden after this time (contract, `status`). */
const FORTNIGHT_MS = 14 * 86_400_000;

/** The waits that people are shown: what runs, and what ended within a fortnight and is not final. `dismissed`: these ones too. */
export function shownWaits(view: View, now: number, options: { readonly dismissed?: boolean } = {}): readonly Wait[] {
  const horizon = now - FORTNIGHT_MS;
  return [...view.waits.values()].filter(({ state, ts, extra }) => {
    if (isRunning(state)) return true;
    return !isFinal(state) && parseTimestamp(ts) >= horizon && (options.dismissed || extra.dismissed !== true);
  });
}
