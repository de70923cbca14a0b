import { parseTimestamp } from "../../../base/clock.ts";
import { formatDuration } from "../../../base/duration.ts";
import { oneLine } from "../../../base/text.ts";
import { isFinal, isRunning } from "../../../core/states.ts";
import { isOfPullRequest } from "../../../core/wait-name.ts";
import { reasonBehindName } from "../../../inbox/report.ts";
import type { StatusRow } from "../../../show/status-row.ts";
import { progressText, timeText } from "../../show/progress-line.ts";
import type { Part } from "../../show/styled.ts";
import { namePart, toneOf } from "../../show/wait-parts.ts";

/** One wait for people, cell by cell: `WATCHING`, `PR #42 (o/r)`, `3m 20s, about 2m left`, `12/40 (30%)`, …, `w0123456789`. */
export function statusCells(row: StatusRow, now: number): readonly Part[] {
  const sinceS = Math.max(0, (now - parseTimestamp(row.ts)) / 1000);
  const time = isRunning(row.to_state)
    ? timeText(sinceS, row.late_s === null ? row.eta_s : -row.late_s)
    : `${formatDuration(sinceS)} ago${commitText(row)}`;
  const why = isRunning(row.to_state) ? "" : oneLine(reasonBehindName(row.ref, row.extra.reason ?? ""), 300);
  return [
    { text: row.to_state.padEnd(16), tone: toneOf(row.to_state, row.extra.outcome) },
    namePart(row),
    time,
    progressText(row.progress),
    why,
    watcher(row, now),
    deliveryText(row),
    { text: row.wait_id, tone: "dim" },
  ];
}

/** The commit that a verdict on a pull request is about: a later push may not have been seen yet. */
function commitText(row: StatusRow): string {
  const isVerdict = !isRunning(row.to_state) && !isFinal(row.to_state);
  return isVerdict && row.sha && isOfPullRequest(row) ? ` at ${row.sha.slice(0, 7)}` : "";
}

function watcher(row: StatusRow, now: number): string {
  if (row.needs !== null) return `needs ${oneLine(row.needs, 120)}`;
  if (row.to_state === "PUSHED") return row.queued ?? unbound(row);
  if (row.to_state !== "WATCHING") return "";
  if (row.unwatched !== null) return row.unwatched;
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
