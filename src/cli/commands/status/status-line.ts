import { parseTimestamp } from "../../../base/clock.ts";
import { formatDuration } from "../../../base/duration.ts";
import { oneLine } from "../../../base/text.ts";
import { isRunning } from "../../../core/states.ts";
import { waitName } from "../../../core/wait-name.ts";
import type { StatusRow } from "../../../show/status-row.ts";
import { progressText, timeText } from "../../show/progress-line.ts";

/** One wait for people: `WATCHING  PR #42 (o/r)  3m 20s, about 2m left  12/40 (30%)  w0123456789`. */
export function statusLine(row: StatusRow, now: number): string {
  const sinceS = Math.max(0, (now - parseTimestamp(row.ts)) / 1000);
  const time = isRunning(row.to_state) ? timeText(sinceS, row.eta_s) : `${formatDuration(sinceS)} ago`;
  const why = isRunning(row.to_state) ? "" : oneLine(row.extra.reason ?? "", 100);
  const parts = [
    row.to_state.padEnd(16),
    waitName(row),
    time,
    progressText(row.progress),
    why,
    watcher(row, now),
    deliveryText(row),
    row.wait_id,
  ];
  return parts.filter(Boolean).join("  ");
}

function watcher(row: StatusRow, now: number): string {
  if (row.needs !== null) return `needs ${oneLine(row.needs, 120)}`;
  if (row.to_state === "PUSHED") return row.queued ?? unbound(row);
  if (row.to_state !== "WATCHING") return "";
  if (!row.alive) return "its watcher is dead (p9 rearm)";
  return row.last_look ? `looked ${formatDuration((now - parseTimestamp(row.last_look)) / 1000)} ago` : "";
}

/** What is known of a target that GitHub or another service has not shown yet. */
function unbound({ last_look }: StatusRow): string {
  return last_look ? "waits for it to appear" : "not looked up yet";
}

/** `told ntfy`, or `delivery failed: webhook` for channels that have failed so far. */
function deliveryText({ told: list = [] }: StatusRow): string {
  const names = (ok: boolean) => [
    ...new Set(list.filter((one) => one.ok === ok).map(({ channel }) => oneLine(channel, 40))),
  ];
  const [reached, all] = [names(true), names(false)];
  const failed = all.filter((name) => !reached.includes(name));
  return [
    reached.length > 0 ? `told ${reached.join(", ")}` : "",
    failed.length > 0 ? `delivery failed: ${failed.join(", ")}` : "",
  ]
    .filter(Boolean)
    .join("; ");
}
