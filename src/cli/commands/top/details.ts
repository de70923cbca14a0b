import type { LookItem } from "../../../contract/wait-kind.ts";
import type { ShownItem } from "../../../show/queued-work.ts";
import type { ShownWait } from "../../../show/shown-wait.ts";
import type { ShownTold, Untold } from "../../../show/told.ts";
import { progressText } from "../../show/progress-line.ts";
import { type Line, type Span, wrap } from "./cells.ts";
import { type Subject, stateOf } from "./rows.ts";
import { ago, left, localTime } from "./times.ts";

const LABEL = 11;

const WHO: Readonly<Record<ShownWait["move"]["who"], string>> = {
  target: "what is watched",
  p9: "p9",
  you: "you",
  others: "somebody else",
  nobody: "nobody",
};

/** All that is known of the subject of a row, in lines of `width`. */
export function detailsOf(subject: Subject, width: number, now: number): readonly Line[] {
  if ("item" in subject) return itemDetails(subject.item, width, now);
  if ("untold" in subject) return untoldDetails(subject.untold, width, now);
  if ("told" in subject)
    return [
      ...toldDetails(subject.told, width, now),
      ...(subject.wait ? [[], ...waitDetails(subject.wait, width, now)] : []),
    ];
  return waitDetails(subject.wait, width, now);
}

function waitDetails(wait: ShownWait, width: number, now: number): readonly Line[] {
  const add = (label: string, text: string | null, tone?: Span["tone"]) => labelled(label, text, width, tone);
  const state = stateOf(wait);
  const outcome = wait.outcome === null || wait.outcome === "succeeded" ? "" : ` (${wait.outcome})`;
  const when = (ts: string | null) => (ts ? moment(ts, now) : null);
  return [
    ...add("", wait.name, "strong"),
    ...add("title", wait.title),
    ...add("state", `${state.text}${outcome}  ${wait.state}`, state.tone),
    ...add("progress", progressText(wait.progress)),
    ...add("expected", wait.expected_at && moment(wait.expected_at, now, left)),
    ...add("whose move", `${WHO[wait.move.who]}: ${wait.move.what}`),
    ...add("missing", wait.missing.join(", ")),
    ...add("next", wait.next),
    ...add("reason", wait.reason),
    ...add("cannot look", wait.error, "warn"),
    ...add(wait.live ? "since" : "ended", when(wait.since)),
    ...add("last look", when(wait.last_look)),
    ...add("commit", wait.sha?.slice(0, 12) ?? null),
    ...add("address", wait.url),
    ...add("log", wait.log),
    ...add("directory", wait.cwd),
    ...add("session", wait.session_id),
    ...add("wait", wait.wait_id),
    ...parts(wait.items, width),
    ...evidenceLines(wait, width),
  ];
}

const MARKS: Readonly<Record<LookItem["state"], Span>> = {
  queued: { text: "· queued    ", tone: "dim" },
  running: { text: "… running   " },
  succeeded: { text: "✓ succeeded ", tone: "good" },
  failed: { text: "✗ failed    ", tone: "bad" },
  cancelled: { text: "✗ cancelled ", tone: "bad" },
  skipped: { text: "- skipped   ", tone: "dim" },
  blocked: { text: "! blocked   ", tone: "warn" },
  neutral: { text: "- neutral   ", tone: "dim" },
  unknown: { text: "? unknown   ", tone: "warn" },
};

function parts(items: readonly LookItem[], width: number): readonly Line[] {
  if (items.length === 0) return [];
  const lines = items.map(({ name, state, required, detail }): Line => {
    const notes = [required === false ? "optional" : "", detail ?? ""].filter(Boolean).join(", ");
    return [MARKS[state] ?? MARKS.unknown, { text: name }, { text: notes ? `  ${notes}` : "", tone: "dim" }];
  });
  return [[], ...labelled("", "Its parts", width, "strong"), ...lines];
}

/** The lines that show why it failed. */
export function evidenceLines({ evidence }: Pick<ShownWait, "evidence">, width: number): readonly Line[] {
  if (evidence.length === 0) return [];
  const lines = evidence.flatMap(({ job, step, file, line, text, url }) => {
    const place = [job, step, file && (line === null ? file : `${file}:${line}`)].filter(Boolean).join(" › ");
    return [
      ...(place === "" ? [] : wrap(place, width).map((part): Line => [{ text: part, tone: "dim" }])),
      ...wrap(text, width - 2, 10).map((part): Line => [{ text: `  ${part}` }]),
      ...(url === "" ? [] : wrap(url, width - 2).map((part): Line => [{ text: `  ${part}`, tone: "dim" }])),
    ];
  });
  return [[], [{ text: "What shows why it failed", tone: "strong" }], ...lines];
}

function itemDetails(item: ShownItem, width: number, now: number): readonly Line[] {
  const add = (label: string, text: string | null) => labelled(label, text, width);
  const { lease } = item;
  return [
    ...labelled("", item.item, width, "strong"),
    ...add("status", item.status),
    ...add("taken by", lease && `${lease.session_id} until ${moment(lease.until, now, left)}`),
    ...add("source", item.source),
    ...add("tier", item.isolation_tier),
    ...add("takes", item.minutes === null ? null : `${item.minutes} min`),
    ...add("belongs to", item.pr === null ? null : `PR #${item.pr}${item.repo ? ` (${item.repo})` : ""}`),
    ...add("after", item.after),
    ...add("entered", moment(item.created_at, now)),
    ...add("session", item.session_id ?? "any"),
    ...add("item", item.id),
  ];
}

function toldDetails(told: ShownTold, width: number, now: number): readonly Line[] {
  const add = (label: string, text: string | null) => labelled(label, text, width);
  return [
    ...labelled("", told.what ?? told.wait_id ?? "", width, "strong"),
    ...add("told", moment(told.ts, now)),
    ...add(told.via, told.to),
    ...labelled("failed", told.error ?? (told.ok ? null : "yes"), width, "bad"),
  ];
}

function untoldDetails(untold: Untold, width: number, now: number): readonly Line[] {
  const add = (label: string, text: string | null) => labelled(label, text, width);
  return [
    ...labelled("", `A session has not heard of ${untold.endings} endings yet`, width, "strong"),
    ...add("oldest", moment(untold.since, now)),
    ...add("client", untold.client),
    ...add("session", untold.session_id),
    ...add("directory", untold.root),
  ];
}

/** `14:05:09 local time (2 min ago)`. */
function moment(ts: string, now: number, from = ago): string {
  return `${localTime(ts, now)} local time (${from(ts, now)})`;
}

/** `label      text`, the text wrapped beside it; nothing for an empty text. */
function labelled(label: string, text: string | null, width: number, tone?: Span["tone"]): readonly Line[] {
  if (!text) return [];
  const indent = label === "" || width < 40 ? 0 : LABEL + 1;
  const lines = wrap(text, Math.max(4, width - indent));
  const value = (part: string): Span => (tone === undefined ? { text: part } : { text: part, tone });
  if (label === "") return lines.map((part) => [value(part)]);
  if (indent === 0) return [[{ text: label, tone: "dim" }], ...lines.map((part): Line => [value(part)])];
  return lines.map((part, at) => [{ text: (at === 0 ? label : "").padEnd(indent), tone: "dim" }, value(part)]);
}
