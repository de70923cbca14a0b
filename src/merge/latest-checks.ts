import { isPending } from "../github/checks.ts";
import type { Check } from "../github/pull-request.ts";

/** Key of a check, equal in all its reports: app, workflow, event and name; for statuses only the context. */
export function checkKey(check: Check): string {
  return JSON.stringify([check.kind === "status" ? "status" : check.app, check.workflow, check.event, check.name]);
}

/** Facts about runs that their checks do not show. */
export interface KnownRuns {
  /** Runs not cancelled by their concurrency group: no newer run replaces their unfinished checks. */
  readonly alone?: ReadonlySet<number>;
}

/**
 * Leaves out replaced checks. Checks of different events or workflows do not replace each other, nor do jobs of one name in one
 * attempt.
 *
 * - A check of a newer run of the same workflow and event replaces the check of its name in a run that has ended. Nothing of a run that
 *   goes on is replaced. A skipped check does not replace one that still ran then.
 * - A newer run replaces all unfinished checks of a run that its concurrency group cancelled, and an ended run without any check.
 * - In one run a newer attempt of a job replaces the earlier one.
 */
export function latestChecks(checks: readonly Check[], known: KnownRuns = {}): readonly Check[] {
  return checks.filter((check) => !checks.some((other) => replaces(other, check, known)));
}

/**
 * Finds one cancelled check of each ended run that has a newer run without checks of these names. Whether that run replaces it
 * depends on what cancelled it.
 */
export function cancelledRuns(checks: readonly Check[]): Check[] {
  const found = new Map<number, Check>();
  for (const check of checks) {
    if (check.run === null || check.kind !== "check" || check.state !== "cancelled" || found.has(check.run)) continue;
    const others = checks.filter((other) => isLaterRun(other, check));
    const again = others.some((other) => other.name === check.name);
    if (others.length > 0 && !again) found.set(check.run, check);
  }
  return [...found.values()];
}

function replaces(newer: Check, older: Check, { alone }: KnownRuns): boolean {
  if (newer === older || newer.kind === "status" || older.kind === "status" || newer.app !== older.app) return false;
  if (newer.suite === null || older.suite === null) return false;
  if (newer.suite === older.suite) return isAgain(newer, older);
  if (!isLaterRun(newer, older)) return isLaterReport(newer, older);
  if (older.kind === "suite") return true;
  if (newer.kind === "check" && newer.name === older.name) return !isSkipOver(newer, older);
  // GitHub shows jobs that a cancelled run never reached as skipped; the newer run may still start them.
  const isSkipped = older.state === "skipped" && newer.suiteEnded !== true;
  const unfinished = older.state === "cancelled" || isPending(older.state) || isSkipped;
  const stopped = older.suiteConclusion === "CANCELLED" && unfinished;
  return stopped && !(older.run !== null && alone?.has(older.run));
}

/** Whether a job was skipped while the older one still ran, so that it does not replace it. */
function isSkipOver(newer: Check, older: Check): boolean {
  if (newer.state !== "skipped" || older.state === "skipped") return false;
  return older.endedAt === null || newer.endedAt === null || older.endedAt > newer.endedAt;
}

/** Whether a check of the same suite is a newer attempt. Apps without attempts report again under the same name. */
function isAgain(newer: Check, older: Check): boolean {
  if (newer.kind !== "check" || older.kind !== "check" || newer.name !== older.name) return false;
  if (newer.attempt !== null && older.attempt !== null) return newer.attempt > older.attempt;
  if (newer.run !== null || newer.app === "github-actions") return false;
  return newer.id > older.id && older.endedAt !== null && (newer.startedAt ?? older.endedAt) >= older.endedAt;
}

/** Whether a check belongs to a newer run of the same workflow and event, and the older run has ended. */
function isLaterRun(newer: Check, older: Check): boolean {
  if (newer.suite === older.suite || newer.event !== older.event || older.suiteEnded !== true) return false;
  if (!isSameWorkflow(newer, older)) return false;
  // A re-run of the earlier run is the newer report: its jobs have newer numbers.
  if (newer.kind === "check" && older.kind === "check" && newer.name === older.name) return newer.id > older.id;
  if (newer.runNumber !== null && older.runNumber !== null) return newer.runNumber > older.runNumber;
  return (newer.suite ?? 0) > (older.suite ?? 0);
}

/** Whether two checks belong to one workflow, by its number, else by its name; false when both are unknown. */
function isSameWorkflow(one: Check, other: Check): boolean {
  if (one.kind === "status" || other.kind === "status" || one.app !== other.app) return false;
  if (one.workflowId !== null && other.workflowId !== null) return one.workflowId === other.workflowId;
  return one.workflow !== null && one.workflow === other.workflow;
}

/** Whether a check of an app other than Actions replaces one of its name in an older suite; such suites mix unrelated checks. */
function isLaterReport(newer: Check, older: Check): boolean {
  const ofApp = newer.run === null && older.run === null && newer.app !== "github-actions" && newer.app !== null;
  if (!ofApp || newer.kind !== "check" || older.kind !== "check" || newer.name !== older.name) return false;
  return (newer.suite ?? 0) > (older.suite ?? 0) && !isPending(older.state);
}
