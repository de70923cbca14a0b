import { formatDuration } from "../base/duration.ts";
import { amountDone, shortTimeLeft } from "../base/how-far.ts";
import { oneLine } from "../base/text.ts";
import { type Named, shortWaitName } from "../core/wait-name.ts";
import type { InFlight } from "./texts.ts";

/** What the status line shows. */
export interface Status {
  /** What ended red, and nobody has dismissed. */
  readonly red: readonly Named[];
  readonly waits: readonly InFlight[];
  /** Items that could be popped. */
  readonly queued: number;
  /** Endings that the session has not been told of. */
  readonly unread: number;
}

/** One line, at most `width` characters, what is red first; empty when there is nothing to show. What does not fit is counted. */
export function statusText({ red, waits, queued, unread }: Status, width: number): string {
  const tail = [queued > 0 ? `${queued} queued` : "", unread > 0 ? `${unread} ended` : ""].filter(
    (part) => part !== "",
  );
  if (red.length === 0 && waits.length === 0 && tail.length === 0) return "";
  const names = waits.map(brief);
  for (const head of redForms(red))
    for (let shown = names.length; shown >= 0; shown--) {
      const hidden = names.length - shown;
      const parts = [...head, ...names.slice(0, shown), ...(hidden > 0 ? [`+${hidden} waiting`] : []), ...tail];
      const line = `p9 ${parts.join(" · ")}`;
      if (line.length <= width) return line;
    }
  const counts = [
    red.length > 0 ? `${red.length} red` : "",
    ...tail,
    waits.length > 0 ? `${waits.length} waiting` : "",
  ];
  return oneLine(`p9 ${counts.filter(Boolean).join(" · ")}`, Math.max(width, 2));
}

/** `2 red: PR #42, build make`, with ever fewer names. */
function redForms(red: readonly Named[]): readonly (readonly string[])[] {
  if (red.length === 0) return [[]];
  const names = red.map((wait) => shortWaitName(wait, 30));
  const forms = names.map((_, at) => {
    const shown = names.slice(0, names.length - at);
    return [`${red.length} red: ${shown.join(", ")}${at > 0 ? `, +${at}` : ""}`];
  });
  return [...forms, [`${red.length} red`]];
}

/** `PR #42 3/7 4m left`. */
function brief(wait: InFlight): string {
  const { progress, etaS } = wait;
  const parts = [shortWaitName(wait, 30)];
  if (wait.needs) parts.push("stuck");
  else if (wait.state === "PUSHED") parts.push("queued");
  else if (wait.state === "HEALING") parts.push("healing");
  if (progress?.done != null && progress.total != null) parts.push(`${progress.done}/${progress.total}`);
  else if (progress) parts.push(amountDone({ ...progress, done: null }));
  if (etaS !== null) parts.push(shortTimeLeft(etaS, briefly));
  return parts.filter(Boolean).join(" ");
}

/** A length of time in its largest unit: `4m`. */
function briefly(seconds: number): string {
  return formatDuration(seconds).split(" ")[0] ?? "";
}
