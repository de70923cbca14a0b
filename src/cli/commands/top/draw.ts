import type { Situation } from "../../../show/situation.ts";
import { widthOf } from "../../show/text-width.ts";
import { clip, type Line, type Span } from "./cells.ts";
import { localTime } from "./times.ts";

/** `p9 top  3 waiting · 1 ready · 2 in the queue   14:05:09`, or the title of what lies over the list. */
export function header(situation: Situation, title: string | null, width: number, now: number): Line {
  const live = situation.waits.filter(({ live }) => live).length;
  const failed = situation.waits.filter(({ state }) => state.startsWith("RED") || state === "ESCALATED").length;
  const counts = [
    `${live} waiting`,
    situation.ready.length > 0 ? `${situation.ready.length} ready` : "",
    failed > 0 ? `${failed} red` : "",
    situation.queue.length > 0 ? `${situation.queue.length} in the queue` : "",
  ];
  const left = title ?? counts.filter(Boolean).join(" · ");
  const name = width < 50 ? "" : "p9 top  ";
  const clock = width < 34 ? "" : localTime(new Date(now).toISOString(), now);
  return sides([{ text: name, tone: "strong" }, { text: left }], { text: clock, tone: "dim" }, width);
}

/** As many of the hints as fit whole. */
export function wholeHints(hints: readonly string[], width: number): string {
  let text = "";
  for (const hint of hints) {
    const longer = text === "" ? hint : `${text}  ${hint}`;
    if (longer.length > width) break;
    text = longer;
  }
  return text;
}

/** A message or the keys, and on the right how much more there is. */
export function footer(text: Span, more: string, width: number): Line {
  return sides([text], { text: more, tone: "dim" }, width);
}

/** `12 above, 74 below`; empty when all is seen. `narrow`: `↑12 ↓74`. */
export function moreText(above: number, below: number, narrow: boolean): string {
  const parts = narrow
    ? [above > 0 ? `↑${above}` : "", below > 0 ? `↓${below}` : ""]
    : [above > 0 ? `${above} above` : "", below > 0 ? `${below} more below` : ""];
  return parts.filter(Boolean).join(narrow ? " " : ", ");
}

/** What a home without anything in it shows. */
export function nothingYet(): readonly Line[] {
  const lines: readonly (readonly [string, string])[] = [
    ["p9 watch", "watches the pull request of the branch that you are on"],
    ["p9 watch 42", "watches pull request #42 of this repository"],
    ["p9 watch build -- npm test", "runs and watches a build"],
    ["p9 init", "sets Claude Code up: its pushes are watched by themselves"],
  ];
  return [
    [{ text: "Nothing is waited for, and nothing is in the queue.", tone: "strong" }],
    [],
    ...lines.map(([command, does]): Line => [{ text: command.padEnd(28) }, { text: does, tone: "dim" }]),
  ];
}

function sides(left: readonly Span[], right: Span, width: number): Line {
  const room = Math.max(0, width - (right.text === "" ? 0 : widthOf(right.text) + 2));
  const spans: Span[] = [];
  let used = 0;
  for (const { text, tone } of left) {
    const clipped = clip(text, room - used);
    used += widthOf(clipped);
    spans.push(tone === undefined ? { text: clipped } : { text: clipped, tone });
  }
  return [...spans, { text: " ".repeat(Math.max(0, width - used - widthOf(right.text))) }, right];
}
