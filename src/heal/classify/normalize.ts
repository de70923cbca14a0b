import { withoutPrefixes } from "./read/prefixes.ts";

type Place = Pick<LogLine, "job" | "step">;

/** One line of a log without the prefixes of CI and terminals. */
export interface LogLine {
  /** Job and step, where the log names them; otherwise "". */
  readonly job: string;
  readonly step: string;
  /** At most {@link MAX_LINE} characters. */
  readonly text: string;
  /** The workflow command in front of it: `##[error]` and the like. */
  readonly level?: "error" | "warning" | "notice" | "group" | "endgroup" | "command" | "section" | "debug";
}

/** Longer lines are clipped; a failure's name stands at the front. */
const MAX_LINE = 1_000;
/** Logs are read from the end; of a longer one, windows around earlier errors are kept too. */
export const MAX_LOG = 3 * 1024 * 1024;
const WINDOW_BEFORE = 256 * 1024;
const WINDOW_AFTER = 16 * 1024;
const MAX_WINDOWS = 4;

const TIME = /^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z ?/;
const ESC =
  /\u001b(?:\[[0-9;:?]{0,40}[ -/]{0,4}[@-~]|[\]_P^][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)|[()][A-Z0-9]|[=>NOMDEHc78])/g;
/** The same as newer gh writes it: ESC as the two characters `^[`. */
const CARET = /\^\[(?:\[[0-9;?]{0,40}[A-Za-z]|\][^\u0007^]{0,2000}(?:\u0007|\^\[\\|\^G)|\([AB0])/g;
const LEVEL = /^##\[(error|warning|notice|group|endgroup|command|section|debug)\]/;
/** The same as a task of Azure Pipelines writes it, and as the page of a run shows it. */
const ISSUE = /^##vso\[task\.logissue [^\]]{0,80}type=(error|warning)[^\]]{0,400}\]/;
const SHOWN = /^\s{0,40}(?:Error|##\[error\]): (?=Process completed with exit code \d)/;
/** Prefixes of tools that print others' output: docker build, docker compose, turbo, pnpm -r, nx, lerna. */
const RELAY =
  /^(?:#\d{1,4} \d{1,6}\.\d{1,3} |[@\w./-]{1,80}[:#](?:lint|test|build|typecheck|type-check|check|format|fmt|compile|codegen|generate)[\w:.-]{0,40}: |[@\w./-]{1,80} (?:lint|test|build|typecheck|type-check|check|format|fmt|compile|codegen|generate)[\w:-]{0,40}: |[\w.-]{1,60}-\d{1,3}\s{1,20}\| )/;

/** Removes terminal escapes, raw and as newer gh spells them, and other control characters except the tab. */
function stripAnsi(text: string): string {
  let out = text;
  if (out.includes("\u001b")) out = out.replace(ESC, "");
  if (out.includes("^[")) out = out.replace(CARET, "");
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(out)
    ? out.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "")
    : out;
}

/** The parts of a log that are looked at: its end, and what stands before earlier `##[error]` lines. */
export function boundLog(raw: string): string {
  if (raw.length <= MAX_LOG) return raw;
  const tailStart = lineStart(raw, raw.length - MAX_LOG);
  const parts: string[] = [];
  let covered = 0;
  let at = raw.indexOf("##[error]");
  while (at >= 0 && at < tailStart && parts.length < MAX_WINDOWS) {
    const from = Math.max(covered, lineStart(raw, Math.max(0, at - WINDOW_BEFORE)));
    const to = Math.min(tailStart, at + WINDOW_AFTER);
    if (to > from) parts.push(raw.slice(from, to));
    covered = to;
    at = raw.indexOf("##[error]", covered);
  }
  return [...parts, raw.slice(tailStart)].join("\n");
}

function lineStart(raw: string, at: number): number {
  if (at <= 0) return 0;
  const newline = raw.indexOf("\n", at);
  return newline < 0 || newline - at > MAX_LINE * 20 ? at : newline + 1;
}

/** Splits a log of any shape (`gh run view`, the API's job log, a local build) into clean lines. Linear in its length. */
export function normalize(raw: string): LogLine[] {
  const texts: string[] = [];
  const places: Place[] = [];
  let place: Place = { job: "", step: "" };
  for (const full of boundLog(raw).split(/\r\n|\n|\r/)) {
    let text = full.length > MAX_LINE * 4 ? full.slice(0, MAX_LINE * 4) : full;
    const first = text.indexOf("\t");
    const second = first < 0 ? -1 : text.indexOf("\t", first + 1);
    if (second > 0 && second < 400) {
      const rest = text.slice(second + 1);
      const job = text.slice(0, first);
      const step = text.slice(first + 1, second);
      const isSame = place.job !== "" && job === place.job && step === place.step;
      if (isSame || TIME.test(rest)) {
        if (!isSame) place = { job, step };
        text = rest;
      }
    }
    texts.push(plain(text));
    places.push(place);
  }
  return withoutPrefixes(texts).map((text, index) => leveled(places[index]!, text));
}

/** A line without the time that GitHub puts before it, and without escapes. */
function plain(raw: string): string {
  const first = raw.charCodeAt(0);
  const mayBeTimed = (first >= 48 && first <= 57) || first === 0xfeff;
  const text = stripAnsi(mayBeTimed ? raw.replace(TIME, "") : raw);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function leveled({ job, step }: Place, raw: string): LogLine {
  let text = raw;
  const command = text.startsWith("##") || text.startsWith("[c") ? commandOf(text) : null;
  const shown = command === null && text.includes("Process completed") ? SHOWN.exec(text) : null;
  if (command ?? shown) text = text.slice((command ?? shown)![0].length);
  if (RELAY.test(text)) text = text.replace(RELAY, "");
  if (text.length > MAX_LINE) text = text.slice(0, MAX_LINE);
  text = text.trimEnd();
  const level = (command?.[1] ?? (shown ? "error" : undefined)) as LogLine["level"];
  return level === undefined ? { job, step, text } : { job, step, text, level };
}

function commandOf(text: string): RegExpExecArray | null {
  return LEVEL.exec(text) ?? /^\[(command)\]/.exec(text) ?? ISSUE.exec(text);
}
