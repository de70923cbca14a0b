import { formatDuration } from "../base/duration.ts";
import { counted, oneLine } from "../base/text.ts";
import { shortWaitName } from "../core/wait-name.ts";
import type { Cycle } from "./cycles.ts";
import { type Html, html } from "./html.ts";
import { type Interval, intersection } from "./intervals.ts";
import { type Bar, type Stretch, stretches } from "./stretches.ts";
import type { WorkSpan } from "./summary.ts";

/** Most parts of the timeline on a page. */
const MAX_STRETCHES = 24;
/** Below this share of the width a bar shows no text. */
const SLIM_PERCENT = 4;
const TICKS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 180];

/** The timeline: for each busy part of it waits above, work below, and behind both the time that was both. */
export function timeline(cycles: readonly Cycle[], work: readonly WorkSpan[]): Html[] {
  return stretches(cycles.map(waitBar), work.map(workBar), MAX_STRETCHES).map(figure);
}

const AMBER = new Set(["blocked", "missing_required", "no_checks", "no_runner", "ejected", "not_started"]);

/** The colour of an ending. */
export function toneOf({ state, outcome }: Pick<Cycle, "state" | "outcome">): string {
  if (state === "WATCHING") return "open";
  if (state === "GREEN" || state === "MERGED") return "green";
  if (outcome !== null && AMBER.has(outcome)) return "amber";
  return state.startsWith("RED") || state === "ESCALATED" ? "red" : "grey";
}

function waitBar(cycle: Cycle): Bar {
  const label = shortWaitName(cycle, 60);
  const ending = cycle.state === "WATCHING" ? "still running" : (cycle.outcome ?? cycle.state.toLowerCase());
  const parts = [cycle.repo ?? "", ending, span(cycle), cycle.reason];
  return { from: cycle.from, to: cycle.to, tone: toneOf(cycle), label, detail: detail(label, parts) };
}

function workBar(work: WorkSpan): Bar {
  const label = oneLine(work.item, 80);
  const parts = [work.source, work.done ? "done" : "taken, not done", span(work)];
  return { from: work.from, to: work.to, tone: work.done ? "work" : "taken", label, detail: detail(label, parts) };
}

function detail(label: string, parts: readonly string[]): string {
  return oneLine([label, ...parts.filter(Boolean)].join(" · "), 300);
}

function span({ from, to }: Interval): string {
  return `${clock(from)}–${clock(to)} (${formatDuration((to - from) / 1000)})`;
}

function figure(stretch: Stretch): Html {
  const place = scale(stretch);
  const waits = stretch.waits.flat();
  const work = stretch.work.flat();
  const both = intersection(
    waits,
    work.filter(({ tone }) => tone === "work"),
  );
  const caption = `${day(stretch.from)}, ${clock(stretch.from)}–${clock(stretch.to)}`;
  const said = `${counted(waits.length, "wait")}, ${counted(work.length, "piece")} of work`;
  return html`<figure aria-label="${caption}: ${said}"><figcaption><b>${caption}</b> <span class="soft">${said}</span></figcaption><div class="plot">${ticks(
    stretch,
  ).map((at) => html`<i class="tick" style="left:${place.percent(at)}%"></i>`)}${both.map(
    (time) => html`<i class="band" style="${place.box(time)}"></i>`,
  )}<div class="label">waits</div>${rows(stretch.waits, place)}<div class="label">work</div>${rows(stretch.work, place)}<div class="axis">${ticks(
    stretch,
  ).map((at) => html`<span style="left:${place.percent(at)}%">${clock(at)}</span>`)}</div></div></figure>`;
}

type Place = ReturnType<typeof scale>;

function scale({ from, to }: Interval) {
  const percent = (at: number) => Number(((100 * (Math.min(Math.max(at, from), to) - from)) / (to - from)).toFixed(3));
  const width = (time: Interval) => Number((percent(time.to) - percent(time.from)).toFixed(3));
  return { percent, width, box: (time: Interval) => `left:${percent(time.from)}%;width:${width(time)}%` };
}

function rows(lanes: readonly (readonly Bar[])[], place: Place): Html[] {
  if (lanes.length === 0) return [html`<div class="row soft">none</div>`];
  return lanes.map((lane) => html`<div class="row">${lane.map((bar) => drawn(bar, place))}</div>`);
}

function drawn(bar: Bar, place: Place): Html {
  const slim = place.width(bar) < SLIM_PERCENT;
  return html`<div class="bar ${bar.tone}${slim ? " slim" : ""}" style="${place.box(bar)}" title="${bar.detail}" aria-label="${bar.detail}" role="img" tabindex="0">${slim ? "" : bar.label}</div>`;
}

function ticks({ from, to }: Interval): number[] {
  const step = (TICKS_MIN.find((minutes) => (to - from) / (minutes * 60_000) <= 9) ?? 240) * 60_000;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step);
}

function clock(ms: number): string {
  const date = new Date(ms);
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

function day(ms: number): string {
  const date = new Date(ms);
  return `${date.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric" })}`;
}
