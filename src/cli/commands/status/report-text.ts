import { parseTimestamp } from "../../../base/clock.ts";
import { formatDuration } from "../../../base/duration.ts";
import { oneLine } from "../../../base/text.ts";
import { readEvidence } from "../../../core/evidence.ts";
import type { Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import { nextForPeople, type TerminationReport } from "../../../inbox/report.ts";

const EVIDENCE = 3;
const GREEN = "\u001b[32m";
const RED = "\u001b[31m";
const YELLOW = "\u001b[33m";
const PLAIN = "\u001b[0m";

/** An ending for people at a terminal: what, when, how long, why, the lines that show it, and what comes next. */
export function reportText(
  wait: Wait,
  report: TerminationReport,
  options: { readonly color: boolean; readonly now: number },
): string {
  const state = report.state.padEnd(17);
  const took = wait.extra.active_used ? `, after ${formatDuration(wait.extra.active_used)}` : "";
  const ago = formatDuration(Math.max(0, (options.now - parseTimestamp(report.ts)) / 1000));
  const next = nextForPeople(report);
  const lines = [
    oneLine(report.reason, 300),
    ...shownLines(report.evidence),
    next === null ? "" : `next: ${oneLine(next, 200)}`,
  ];
  const head = `${options.color ? `${tone(report)}${state}${PLAIN}` : state} ${oneLine(waitName(wait), 100)}  ${ago} ago${took}`;
  return [head, ...lines.filter(Boolean).map((line) => `${" ".repeat(18)}${line}`)].join("\n");
}

function tone({ state, outcome }: TerminationReport): string {
  if (state === "GREEN" || state === "MERGED") return GREEN;
  if (state === "ABANDONED") return outcome === "timed_out" || outcome === "unknown" ? YELLOW : "";
  return RED;
}

function shownLines(evidence: unknown): string[] {
  const list = readEvidence(evidence);
  const shown = list.slice(0, EVIDENCE).map(({ file, line, text }) => {
    const place = file ? `${oneLine(file, 80)}${line === null ? "" : `:${line}`}: ` : "";
    return `| ${place}${oneLine(text, 160)}`;
  });
  return list.length > EVIDENCE ? [...shown, `| and ${list.length - EVIDENCE} more (--json)`] : shown;
}
