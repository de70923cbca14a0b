import type { PrWorld } from "../world.ts";
import type { Report } from "./reports.ts";

/** One check that the base demands. */
export interface Demand {
  readonly context: string;
  readonly app: string | null;
}

/**
 * What all rules demand together: rulesets and classic protection add up. Source: docs.github.com, "About rulesets", "About rule layering".
 */
export function demandsOf(world: PrWorld): Demand[] {
  const all = world.rules.flatMap((rule) => rule.required);
  return all.filter(
    (one, index) => all.findIndex((other) => other.context === one.context && other.app === one.app) === index,
  );
}

/**
 * Whether a report is what is demanded. Names of check runs are compared exactly, contexts of statuses without case (REST, "Create a commit
 * status"); where an app is named nobody else's report will do ("Required status checks from unexpected sources").
 */
export function meets(report: Report, { context, app }: Demand): boolean {
  if (report.name === null || (app !== null && report.app !== app)) return false;
  return report.kind === "check" ? report.name === context : report.name.toLowerCase() === context.toLowerCase();
}
