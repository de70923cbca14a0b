import type { Wait } from "../../core/wait.ts";
import { shortWaitName } from "../../core/wait-name.ts";
import {
  exitCodeOf,
  nextForPeople,
  reportLine,
  type TerminationReport,
  terminationReport,
} from "../../inbox/report.ts";
import type { Context } from "../program/context.ts";
import { jsonDocument, withoutReport } from "../program/output.ts";
import { evidenceLines } from "./evidence-lines.ts";
import type { Part } from "./styled.ts";
import { namePart, toneOf } from "./wait-parts.ts";

/**
 * Tells on stderr how a wait ended: the report for programs and agents, and a line for people, who see that one alone. Where stdout
 * gets the report as a document, people see nothing besides, and programs the report alone.
 */
export function tellEnd(context: Context, wait: Wait): TerminationReport {
  const report = terminationReport(wait);
  const line = withoutReport(reportLine(wait, report));
  if (context.json) {
    // The document is on stdout.
    if (!context.forPeople) context.stderr(`P9-TERMINATION-REPORT ${jsonDocument(report)}`);
  } else if (context.forPeople) {
    // What is to be done stands last, where one goes on.
    const next = nextForPeople(report);
    const happened = next === null ? line : line.slice(0, -`; next: ${next}`.length);
    const shown = evidenceLines(report).map((text) => [`  ${text}`]);
    context.tellParts(endParts(happened, wait), ...shown, ...(next === null ? [] : [[`  next: ${next}`]]));
  } else context.stderr(`P9-TERMINATION-REPORT ${jsonDocument(report)}${line}\n`);
  return report;
}

/** The line with the mark in its colour and the pull request as a link. */
function endParts(line: string, wait: Wait): readonly Part[] {
  const name = shortWaitName(wait);
  const at = line.indexOf(name);
  if (at < 0) return [line];
  const tone = toneOf(wait.state, wait.extra.outcome);
  const before = /^(p9: )(.*)$/.exec(line.slice(0, at));
  return [before?.[1] ?? "", { text: before?.[2] ?? "", tone }, namePart(wait, name), line.slice(at + name.length)];
}

/** What became of one target of a command: its exit code and its document. */
export interface Came {
  readonly code: number;
  readonly document: unknown;
}

/** Tells the end of a wait, and gives the code of its outcome and its report. */
export function cameToEnd(context: Context, wait: Wait): Came {
  return { document: tellEnd(context, wait), code: exitCodeOf(wait) };
}

/** Ends a command with what its target came to. */
export function finish(context: Context, { code, document }: Came): void {
  if (context.json && document !== undefined) context.printJson(document);
  context.exit(code);
}
