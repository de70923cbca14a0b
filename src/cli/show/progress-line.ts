import { formatDuration } from "../../base/duration.ts";
import { oneLine } from "../../base/text.ts";
import type { Progress } from "../../contract/wait-kind.ts";

/** Progress in a few words: `12/40 (30%), linking`; empty when unknown. */
export function progressText(progress: Progress | null): string {
  if (!progress) return "";
  const { done, total, percent, phase } = progress;
  const count = done === null ? "" : total === null ? `${done}` : `${done}/${total}`;
  const share = percent === null ? "" : `${Math.round(percent)}%`;
  const amount = count && share ? `${count} (${share})` : count || share;
  return [amount, phase ? oneLine(phase, 60) : ""].filter(Boolean).join(", ");
}

/** Elapsed and remaining time: `3m 20s, about 2m left`; overdue: `…, 40s longer than usual`. */
export function timeText(elapsedS: number, etaS: number | null): string {
  const elapsed = formatDuration(elapsedS);
  if (etaS === null) return elapsed;
  return etaS >= 0
    ? `${elapsed}, about ${formatDuration(etaS)} left`
    : `${elapsed}, ${formatDuration(-etaS)} longer than usual`;
}
