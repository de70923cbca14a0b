import { parseTimestamp } from "../../../base/clock.ts";
import { formatDuration } from "../../../base/duration.ts";
import { oneLine } from "../../../base/text.ts";
import { isPullRequest } from "../../../core/traits.ts";
import type { Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import { nextForPeople, reasonBehindName, type TerminationReport } from "../../../inbox/report.ts";
import { evidenceLines } from "../../show/evidence-lines.ts";
import { broken, flow, type Part } from "../../show/styled.ts";
import { namePart, toneOf } from "../../show/wait-parts.ts";

const INDENT = 18;

/** An ending for people at a terminal: what, when, how long, why, the lines that show it, and what comes next. */
export function reportText(
  wait: Wait,
  report: TerminationReport,
  { columns, now }: { readonly columns: number | null; readonly now: number },
): readonly (readonly Part[])[] {
  const took = wait.extra.active_used ? `, after ${formatDuration(wait.extra.active_used)}` : "";
  const ago = formatDuration(Math.max(0, (now - parseTimestamp(report.ts)) / 1000));
  const next = nextForPeople(report);
  const indent = columns !== null && columns < 60 ? 4 : INDENT;
  const head: readonly Part[] = [
    { text: report.state.padEnd(INDENT - 2), tone: toneOf(report.state, report.outcome) },
    namePart(wait, oneLine(waitName(wait), 100)),
    `${ago} ago${took}`,
  ];
  const lines = [
    oneLine(reasonBehindName(wait.ref, report.reason), 300),
    ...evidenceLines(report),
    report.url === null || isPullRequest(wait) ? "" : report.url,
    next === null ? "" : `next: ${oneLine(next, 200)}`,
  ];
  const below = lines.filter(Boolean).flatMap((line) => broken(`${" ".repeat(indent)}${line}`, columns));
  return [...flow(head, columns, indent), ...below.map((line) => [line])];
}
