import { formatDuration } from "../base/duration.ts";
import { counted, oneLine } from "../base/text.ts";
import type { AllMinutes, CiMinutes } from "./ci-minutes.ts";
import type { GroupStats, Spread, Stats } from "./summary.ts";

const MAX_GROUPS = 8;

/** The figures for people, line by line. */
export function statsText(stats: Stats): string[] {
  const { waits, open, waited_s, blocked_s, reclaimed_s, reclaimed_share, work, heals } = stats;
  if (waits === 0) return ["Nothing was waited for yet"];
  const verdicts = Object.entries(stats.verdicts).map(([name, count]) => `${count} ${oneLine(name, 30)}`);
  return [
    `${waits} wait${waits === 1 ? "" : "s"}${open > 0 ? ` (${open} open)` : ""}, ${formatDuration(waited_s)} in all: ${verdicts.join(", ") || "none ended"}`,
    `Reclaimed: ${formatDuration(reclaimed_s)} of ${formatDuration(blocked_s)} waited (${Math.round((reclaimed_share ?? 0) * 100)} %), with ${workText(work)}`,
    `Wake after a verdict: ${spreadText(stats.wake_latency_s)}`,
    `Verdict after the end: ${spreadText(stats.verdict_latency_s)}`,
    `Heals: ${heals.attempted === 0 ? "none" : `${heals.succeeded} of ${heals.attempted} ended green`}${heals.escalated > 0 ? `, ${heals.escalated} escalated` : ""}; flakes: ${stats.flakes}; GitHub points: ${stats.github_points}`,
    ...minutesLines(stats.ci_minutes),
    ...groupLines("By kind", stats.by_kind),
    ...groupLines("By repository", stats.by_repo),
    ...groupLines("By day", stats.by_day),
  ];
}

/** `3 pieces of work done; 1 taken, not done (12m)`: what was not done reclaims nothing. */
function workText({ done, not_done, not_done_s }: Stats["work"]): string {
  const taken = not_done === 0 ? "" : `; ${not_done} taken, not done (${formatDuration(not_done_s)})`;
  return `${counted(done, "piece")} of work done${taken}`;
}

/** `CI: 120 minutes, 40 of them red, 10 of these by flakes`, what is not known, and the pull requests that took most. */
function minutesLines({ jobs, unknown_jobs, reruns_avoided: again, by_pr, ...all }: AllMinutes): string[] {
  if (jobs === 0) return [];
  const unknown = unknown_jobs > 0 ? ` (of ${counted(unknown_jobs, "job")} they are not known)` : "";
  const shown = by_pr
    .slice(0, MAX_GROUPS)
    .map(({ repo, pr, ...own }) => `  ${minutesText(own)}  PR #${pr} (${oneLine(repo, 60)})`);
  const more = by_pr.length > MAX_GROUPS ? [`  and ${by_pr.length - MAX_GROUPS} more (--json)`] : [];
  return [
    `CI: ${minutesText(all)}${unknown}; re-runs avoided: ${again.count} (${counted(again.minutes, "minute")})`,
    ...shown,
    ...more,
  ];
}

function minutesText({ minutes, red, flaky }: Pick<CiMinutes, "minutes" | "red" | "flaky">): string {
  return `${counted(minutes, "minute")}, ${red} red, ${flaky} by flakes`;
}

function spreadText({ count, median, p95, max }: Spread): string {
  return count === 0 ? "not known yet" : `median ${median} s, p95 ${p95} s, at most ${max} s (${count})`;
}

function groupLines(title: string, groups: readonly GroupStats[]): string[] {
  const width = Math.max(...groups.slice(0, MAX_GROUPS).map(({ name }) => oneLine(name, 50).length), 0);
  const lines = groups.slice(0, MAX_GROUPS).map(({ name, waits, green, red, waited_s }) => {
    return `  ${oneLine(name, 50).padEnd(width)}  ${String(waits).padStart(4)} ${waits === 1 ? "wait " : "waits"}  ${String(green).padStart(4)} green  ${String(red).padStart(4)} red  ${formatDuration(waited_s)}`;
  });
  const more = groups.length > MAX_GROUPS ? [`  and ${groups.length - MAX_GROUPS} more (--json)`] : [];
  return [title, ...lines, ...more];
}
