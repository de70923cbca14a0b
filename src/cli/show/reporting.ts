import type { Wait } from "../../core/wait.ts";
import { exitCodeOf, reportLine, type TerminationReport, terminationReport } from "../../inbox/report.ts";
import type { Context } from "../program/context.ts";
import { jsonDocument, withoutReport } from "../program/output.ts";

/** Tells on stderr how a wait ended: the report for programs, and a line for people. */
export function tellEnd(context: Context, wait: Wait): TerminationReport {
  const report = terminationReport(wait);
  context.stderr(`P9-TERMINATION-REPORT ${jsonDocument(report)}${withoutReport(reportLine(wait, report))}\n`);
  return report;
}

/** The end of a foreground command: the report, with `--json` on stdout too, and the exit code of the outcome. */
export function endWith(context: Context, wait: Wait): void {
  const report = tellEnd(context, wait);
  if (context.json) context.printJson(report);
  context.exit(exitCodeOf(wait));
}
