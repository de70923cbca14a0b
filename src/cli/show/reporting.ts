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

/** The end of a foreground command: the report, with `--json` on stdout too, and the exit code of the outcome. */
export function endWith(context: Context, wait: Wait): void {
  const report = tellEnd(context, wait);
  if (context.json) context.printJson(report);
  context.exit(exitCodeOf(wait));
}
