import { formatDuration } from "../base/duration.ts";
import { oneLine } from "../base/text.ts";
import { shortWaitName } from "../core/wait-name.ts";
import type { InFlight } from "./texts.ts";

/** What the status line shows. */
export interface Status {
  readonly waits: readonly InFlight[];
  /** Items that could be popped. */
  readonly queued: number;
  /** Endings that the session has not been told of. */
  readonly unread: number;
}

/** One line, at most `width` characters; empty when there is nothing to show. What does not fit is counted. */
export function statusText({ waits, queued, unread }: Status, width: number): string {
  const tail = [queued > 0 ? `${queued} queued` : "", unread > 0 ? `${unread} ended` : ""].filter(
    (part) => part !== "",
  );
  if (waits.length === 0 && tail.length === 0) return "";
  const names = waits.map(brief);
  for (let shown = names.length; shown >= 0; shown--) {
    const hidden = names.length - shown;
    const parts = [...names.slice(0, shown), ...(hidden > 0 ? [`+${hidden} waiting`] : []), ...tail];
    const line = `p9 ${parts.join(" · ")}`;
    if (line.length <= width) return line;
  }
  return oneLine(`p9 ${[...tail, `${waits.length} waiting`].join(" · ")}`, Math.max(width, 2));
}

/** `PR #42 3/7 ~4m`. */
function brief(wait: InFlight): string {
  const { progress, etaS } = wait;
  const parts = [shortWaitName(wait, 30)];
  if (wait.needs) parts.push("stuck");
  else if (wait.state === "PUSHED") parts.push("queued");
  else if (wait.state === "HEALING") parts.push("healing");
  if (progress?.done != null && progress.total != null) parts.push(`${progress.done}/${progress.total}`);
  else if (progress?.percent != null) parts.push(`${Math.round(progress.percent)}%`);
  if (etaS !== null && etaS > 0) parts.push(`~${formatDuration(etaS).split(" ")[0]}`);
  return parts.join(" ");
}
