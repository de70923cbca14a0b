import type { Wait } from "../../core/wait.ts";
import { exitCodeOf, reportLine, type TerminationReport, terminationReport } from "../../inbox/report.ts";
import type { Context } from "../program/context.ts";
import { jsonDocument, withoutReport } from "../program/output.ts";

/** Tells on stderr how a wait ended: the report for programs and agents, and a line for people, who see that one alone. */
export function tellEnd(context: Context, wait: Wait): TerminationReport {
  const report = terminationReport(wait);
  const forPrograms = context.forPeople ? "" : `P9-TERMINATION-REPORT ${jsonDocument(report)}`;
  context.stderr(`${forPrograms}${withoutReport(reportLine(wait, report))}\n`);
  return report;
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
