import { formatDuration } from "../../base/duration.ts";
import { amountDone, timeLeft } from "../../base/how-far.ts";
import { oneLine } from "../../base/text.ts";
import type { Progress } from "../../contract/wait-kind.ts";

/** Progress in a few words: `12/40 (30%), linking`; empty when unknown. */
export function progressText(progress: Progress | null): string {
  if (!progress) return "";
  const { phase } = progress;
  return [amountDone(progress), phase ? oneLine(phase, 60) : ""].filter(Boolean).join(", ");
}

/** Elapsed and remaining time: `3m 20s, about 2m left`; see {@link timeLeft}. */
export function timeText(elapsedS: number, etaS: number | null): string {
  const elapsed = formatDuration(elapsedS);
  return etaS === null ? elapsed : `${elapsed}, ${timeLeft(etaS)}`;
}
