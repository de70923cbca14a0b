import { formatDuration } from "../base/duration.ts";
import { counted, oneLine, thingOf } from "../base/text.ts";
import type { AllMinutes } from "./ci-minutes.ts";
import type { Cycle } from "./cycles.ts";
import { type Html, html } from "./html.ts";
import { STYLE } from "./page-style.ts";
import type { GroupStats, Stats, WorkSpan } from "./summary.ts";
import { timeline, toneOf } from "./timeline.ts";

/** A longer table is of no use to a reader, and the numbers are in `p9 stats --json`. */
const MAX_ROWS = 200;

/** What the page shows. */
export interface PageInput {
  readonly stats: Stats;
  readonly cycles: readonly Cycle[];
  readonly work: readonly WorkSpan[];
  readonly version: string;
}

/**
 * One self-contained page: no script, no network (its policy forbids both), light and dark, readable on a phone. Every text
 * from outside is escaped.
 */
export function statsPage({ stats, cycles, work, version }: PageInput): string {
  const figures = timeline(cycles, work);
  const body = html`<main><h1>p9: waited and worked</h1><p class="soft">${period(stats)}</p>${lead(stats)}${cards(stats)}
<h2>Timeline</h2>${LEGEND}${figures.length > 0 ? figures : html`<p class="soft">Nothing was waited for yet.</p>`}
<h2>By kind</h2>${groupTable("kind", stats.by_kind)}<h2>By repository</h2>${groupTable("repository", stats.by_repo)}<h2>By day</h2>${groupTable(
    "day",
    stats.by_day,
  )}${minutesTable(stats.ci_minutes)}${waitTable(cycles)}
<footer>p9 ${version}. Reclaimed is the time in which a session waited and had work from the queue that it did; what was taken and not done counts for nothing; times are this machine's local time.</footer></main>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><title>p9 stats</title><style>${STYLE}</style></head>
<body>${body.html}</body></html>
`;
}

function period({ since, until }: Stats): string {
  const end = new Date(until).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  return since === null
    ? `All recorded, to ${end}`
    : `${new Date(since).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })} to ${end}`;
}

function lead({ blocked_s, reclaimed_s, reclaimed_share }: Stats): Html {
  if (reclaimed_share === null) return html`<p class="lead">Nothing was waited for in this time.</p>`;
  return html`<p class="lead">Of ${formatDuration(blocked_s)} spent waiting, <b>${formatDuration(reclaimed_s)} (${percent(reclaimed_share)})</b> went into other work.</p>`;
}

function cards(stats: Stats): Html {
  const { wake_latency_s: wake, verdict_latency_s: verdict, heals } = stats;
  const entries: readonly (readonly [value: string, name: string])[] = [
    [String(stats.waits), `${thingOf(stats.waits, "wait")}${stats.open > 0 ? `, ${stats.open} open` : ""}`],
    [formatDuration(stats.waited_s), "waited, over all waits"],
    [String(stats.work.done), `${thingOf(stats.work.done, "piece")} of work done`],
    [
      String(stats.work.not_done),
      `taken, not done${stats.work.not_done > 0 ? ` (${formatDuration(stats.work.not_done_s)})` : ""}`,
    ],
    [latency(wake.median, wake.p95), "wake after a verdict (median, p95)"],
    [latency(verdict.median, verdict.p95), "verdict after the end (median, p95)"],
    [
      heals.success_rate === null ? "–" : `${heals.succeeded} of ${heals.attempted}`,
      `heals that ended green${heals.escalated > 0 ? `, ${heals.escalated} escalated` : ""}`,
    ],
    [String(stats.flakes), `${thingOf(stats.flakes, "flake")} seen`],
    [String(stats.github_points), `GitHub ${thingOf(stats.github_points, "point")} spent`],
    ...minutesCards(stats.ci_minutes),
  ];
  return html`<ul class="cards">${entries.map(([value, name]) => html`<li><b>${value}</b><span>${name}</span></li>`)}</ul>`;
}

function minutesCards({ jobs, unknown_jobs, minutes, red, flaky, reruns_avoided: again }: AllMinutes) {
  if (jobs === 0) return [];
  const unknown = unknown_jobs > 0 ? ` (${counted(unknown_jobs, "job")} not known)` : "";
  return [
    [String(minutes), `CI minutes${unknown}`],
    [String(red), "of them of jobs that failed"],
    [String(flaky), "of these by flakes"],
    [String(again.count), `re-runs avoided (${counted(again.minutes, "minute")})`],
  ] as const;
}

function minutesTable({ by_pr }: AllMinutes): Html {
  if (by_pr.length === 0) return html``;
  return html`<h2>CI minutes by pull request</h2><div class="scroll"><table><thead><tr><th>pull request</th><th>minutes</th><th>red</th><th>by flakes</th><th>jobs</th><th>not known</th></tr></thead><tbody>${by_pr
    .slice(0, MAX_ROWS)
    .map(
      (one) =>
        html`<tr><td>${oneLine(one.repo, 90)} #${one.pr}</td><td>${one.minutes}</td><td>${one.red}</td><td>${one.flaky}</td><td>${one.jobs}</td><td>${one.unknown_jobs}</td></tr>`,
    )}</tbody></table></div>`;
}

const LEGEND = html`<ul class="legend">${[
  ["green", "green or merged"],
  ["red", "red"],
  ["amber", "a human must act"],
  ["grey", "ended without a verdict"],
  ["open", "still running"],
  ["work", "work from the queue that was done"],
  ["taken", "taken from the queue, not done"],
  ["band", "both at once: reclaimed"],
].map(([tone, text]) => html`<li><i class="${tone ?? ""}"></i>${text ?? ""}</li>`)}</ul>`;

function groupTable(name: string, groups: readonly GroupStats[]): Html {
  if (groups.length === 0) return html`<p class="soft">None.</p>`;
  const shown = groups.slice(0, MAX_ROWS);
  return html`<div class="scroll"><table><thead><tr><th>${name}</th><th>waits</th><th>green</th><th>red</th><th>other</th><th>waited</th></tr></thead><tbody>${shown.map(
    (group) =>
      html`<tr><td title="${group.name}">${oneLine(group.name, 120)}</td><td>${group.waits}</td><td>${group.green}</td><td>${group.red}</td><td>${group.other}</td><td>${formatDuration(group.waited_s)}</td></tr>`,
  )}</tbody></table></div>`;
}

function waitTable(cycles: readonly Cycle[]): Html {
  const shown = [...cycles].sort((a, b) => b.from - a.from).slice(0, MAX_ROWS);
  if (shown.length === 0) return html``;
  return html`<details><summary>The last ${counted(shown.length, "wait")}, one by one</summary><div class="scroll"><table><thead><tr><th>wait</th><th>ended</th><th>took</th><th>reason</th></tr></thead><tbody>${shown.map(
    (cycle) =>
      html`<tr><td title="${cycle.ref}">${oneLine(`${cycle.repo ?? cycle.kind} ${cycle.ref}`, 90)}</td><td><i class="tone ${toneOf(cycle)}"></i>${cycle.outcome ?? cycle.state.toLowerCase()}</td><td>${formatDuration((cycle.to - cycle.from) / 1000)}</td><td class="text" title="${cycle.reason}">${oneLine(cycle.reason, 120)}</td></tr>`,
  )}</tbody></table></div></details>`;
}

function latency(median: number | null, p95: number | null): string {
  return median === null || p95 === null ? "–" : `${short(median)}, ${short(p95)}`;
}

function short(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)}s` : formatDuration(seconds);
}

function percent(share: number): string {
  return `${Math.round(share * 100)}\u00a0%`;
}
