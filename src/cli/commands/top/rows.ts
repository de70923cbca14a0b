import { parseTimestamp } from "../../../base/clock.ts";
import { amountDone } from "../../../base/how-far.ts";
import { counted } from "../../../base/text.ts";
import type { ShownItem } from "../../../show/queued-work.ts";
import type { ShownWait } from "../../../show/shown-wait.ts";
import type { Situation } from "../../../show/situation.ts";
import type { ShownTold, Untold } from "../../../show/told.ts";
import { progressText } from "../../show/progress-line.ts";
import type { Line, Span } from "./cells.ts";
import { type Cell, fitted } from "./columns.ts";
import { ago, left, roughly } from "./times.ts";

/** What a row of the list is about. */
export type Subject =
  | { readonly wait: ShownWait }
  | { readonly item: ShownItem }
  | { readonly told: ShownTold; readonly wait: ShownWait | null }
  | { readonly untold: Untold };

/** One line of the list: a heading, or something that can be selected. */
export interface Row {
  /** The same for the same thing in the next list; null for a heading. */
  readonly key: string | null;
  readonly subject: Subject | null;
  readonly draw: (width: number, now: number) => Line;
}

/** The list: what runs, what is ready, what ended, the queue, what was told. `filter`: only rows whose words hold it. */
export function rowsOf(situation: Situation, filter: string): readonly Row[] {
  const all = [...situation.waits, ...situation.ready];
  const waitOf = (id: string | null) => all.find(({ wait_id }) => wait_id === id) ?? null;
  return [
    ...section("Waiting", situation.waits.filter(({ live }) => live).map(waitRow), filter),
    ...section("Ready to merge", situation.ready.map(waitRow), filter),
    ...section("Ended", situation.waits.filter(({ live }) => !live).map(waitRow), filter),
    ...section("Work in the queue", situation.queue.map(itemRow), filter),
    ...section(
      "Told",
      [
        ...situation.untold.map(untoldRow),
        ...situation.told.map((told, at) => toldRow(told, waitOf(told.wait_id), at)),
      ],
      filter,
    ),
  ];
}

interface Draft extends Row {
  /** What a filter looks at. */
  words(): string;
}

function section(title: string, drafts: readonly Draft[], filter: string): readonly Row[] {
  const wanted = filter.toLowerCase();
  const rows = wanted === "" ? drafts : drafts.filter((draft) => draft.words().toLowerCase().includes(wanted));
  if (rows.length === 0) return [];
  const heading: Line = [{ text: `${title} (${rows.length})`, tone: "strong" }];
  return [{ key: null, subject: null, draw: () => heading }, ...rows];
}

function waitRow(wait: ShownWait): Draft {
  return {
    key: `wait ${wait.wait_id}`,
    subject: { wait },
    words: () => [wait.name, wait.title, wait.state, stateOf(wait).text, wait.reason].join(" "),
    draw: (width, now) =>
      fitted(width, [
        { ...stateOf(wait), width: width < 50 ? 8 : 11 },
        {
          ...(width < 100 ? nameAndMore(wait) : { text: named(wait, wait.title) }),
          grow: width < WITH_PHASE ? 3 : 6,
          least: 12,
        },
        ...amountCell(wait, width),
        { text: timeOf(wait, now, width >= 100), width: width < 100 ? 11 : 25, from: 34, tone: "dim" },
        { ...movesOf(wait), grow: 4, least: 14, from: 100 },
      ]),
  };
}

/** The row must be so wide for the phase of a progress to be there. */
const WITH_PHASE = 140;

const named = ({ name }: ShownWait, ...more: readonly (string | null)[]) =>
  [name, ...more.filter((one) => one !== null)].join("  ");

/** Where there is no column for whose move it is: the title, and behind it what somebody has to do. */
function nameAndMore(wait: ShownWait): Span {
  const isSomebodys = wait.error !== null || wait.move.who === "you" || wait.move.who === "others";
  return { text: named(wait, wait.title, isSomebodys ? movesOf(wait).text : null) };
}

/** Columns for how far it is. */
const amountWidth = (width: number) => (width < 100 ? 11 : width < WITH_PHASE ? 13 : 24);

/** The cell for how far it is; a narrow list has none where nothing is known, so that more of the name is seen. */
function amountCell(wait: ShownWait, width: number): readonly Cell[] {
  const text = amountOf(wait, width);
  return width < 60 || (width < 100 && text === "") ? [] : [{ text, width: amountWidth(width) }];
}

/** How far it is; in a narrow list without the phase, and without the share, where it would be cut. */
function amountOf({ live, progress }: ShownWait, width: number): string {
  if (!live || progress === null) return "";
  if (width >= WITH_PHASE) return progressText(progress);
  const text = amountDone(progress);
  return text.length <= amountWidth(width) ? text : amountDone({ ...progress, percent: null });
}

/** The state in a word, as people see it. */
export function stateOf(wait: ShownWait): Span {
  switch (wait.state) {
    case "PUSHED":
      return { text: wait.move.who === "p9" ? "queued" : "expected", tone: "dim" };
    case "WATCHING":
      return wait.alive ? { text: "watching" } : { text: "unwatched", tone: "warn" };
    case "HEALING":
      return { text: "healing", tone: "warn" };
    case "GREEN":
      return { text: "✓ green", tone: "good" };
    case "MERGE_READY":
      return { text: "✓ ready", tone: "good" };
    case "ESCALATED":
      return { text: "✗ escalated", tone: "bad" };
    default:
      return { text: wait.state.startsWith("RED") ? "✗ red" : wait.state.toLowerCase(), tone: "bad" };
  }
}

/** `2 min left, since 3 min`, where there is room for both; without an expected end `3 min`; ended: `5 min ago`. */
function timeOf(wait: ShownWait, now: number, isLong: boolean): string {
  if (!wait.live) return ago(wait.since, now);
  const past = roughly((now - parseTimestamp(wait.since)) / 1000);
  if (wait.expected_at === null) return past;
  return isLong ? `${left(wait.expected_at, now)}, since ${past}` : left(wait.expected_at, now);
}

/** Whose move it is and what is missing: `you: p9 merge-ready 42`, `waits for lint, test`. */
function movesOf({ move, missing, error, reason, live }: ShownWait): Span {
  if (error !== null) return { text: `cannot look: ${error}`, tone: "warn" };
  switch (move.who) {
    case "you":
      return { text: `you: ${move.what}`, tone: "warn" };
    case "p9":
      return { text: missing[0]?.startsWith("queued") ? missing[0] : `p9: ${move.what}` };
    case "others":
      return { text: reason || move.what, tone: "warn" };
    case "target":
      return { text: missing.length > 0 ? `waits for ${missing.join(", ")}` : reason || move.what };
    default:
      return { text: reason || (live ? "" : move.what), tone: "dim" };
  }
}

function itemRow(item: ShownItem): Draft {
  const taken = item.lease !== null;
  const tone = item.status === "available" ? "plain" : taken ? "warn" : "dim";
  return {
    key: `item ${item.id}`,
    subject: { item },
    words: () => [item.item, item.source, item.status].join(" "),
    draw: (width, now) =>
      fitted(width, [
        { text: taken ? "taken" : item.status, width: width < 50 ? 8 : 11, tone },
        { text: item.item, grow: 3, least: 12 },
        { text: item.source, width: 10, from: 70, tone: "dim" },
        { text: leaseOf(item, now), grow: 2, least: 12, from: 50, tone: "dim" },
      ]),
  };
}

/** `by s1, 40 min left`, or what it waits for. */
function leaseOf({ lease, after, created_at, minutes }: ShownItem, now: number): string {
  if (lease) return `${roughly((parseTimestamp(lease.until) - now) / 1000)} left, by ${lease.session_id}`;
  if (after !== null) return after;
  return minutes === null ? ago(created_at, now) : `takes ${counted(minutes, "minute")}`;
}

function toldRow(told: ShownTold, wait: ShownWait | null, at: number): Draft {
  const what = told.what ?? (wait ? `${wait.name}: ${stateOf(wait).text}` : "an ending");
  const to = told.via === "session" ? `session ${told.to}` : told.to;
  return {
    key: `told ${told.ts} ${told.to} ${told.wait_id} ${at}`,
    subject: { told, wait },
    words: () => [what, to, told.error].join(" "),
    draw: (width, now) =>
      fitted(width, [
        { text: told.ok ? "told" : "✗ failed", width: width < 50 ? 8 : 11, tone: told.ok ? "dim" : "bad" },
        { text: what, grow: 3, least: 12 },
        { text: told.error === null ? to : `${to}: ${told.error}`, grow: 2, least: 10, from: 50, tone: "dim" },
        { text: ago(told.ts, now), width: 10, from: 34, tone: "dim" },
      ]),
  };
}

function untoldRow(untold: Untold): Draft {
  const what = `${counted(untold.endings, "ending")} for session ${untold.client}`;
  return {
    key: `untold ${untold.client}`,
    subject: { untold },
    words: () => `${what} ${untold.root}`,
    draw: (width, now) =>
      fitted(width, [
        { text: "not yet", width: width < 50 ? 8 : 11, tone: "warn" },
        { text: what, grow: 3, least: 12 },
        { text: untold.root, grow: 2, least: 10, from: 60, tone: "dim" },
        { text: ago(untold.since, now), width: 10, from: 34, tone: "dim" },
      ]),
  };
}
