import { isPending } from "../github/checks.ts";
import type { Check } from "../github/pull-request.ts";

/** What makes two reports the same check: app, workflow, event and name; for statuses the context alone. */
export function checkKey(check: Check): string {
  return JSON.stringify([check.kind === "status" ? "status" : check.app, check.workflow, check.event, check.name]);
}

/** What was found out about runs beside what their checks say. */
export interface KnownRuns {
  /** Cancelled runs that no concurrency group stopped: no newer run stands in for what they did not do. */
  readonly alone?: ReadonlySet<number>;
}

/**
 * Leaves out what is replaced. Checks of another event or workflow count for themselves, and so do jobs of one name in one attempt.
 *
 * - A check of a newer run of the same workflow and event replaces the check of its name in a run that has ended. A run that goes on is
 *   alive, whatever came after it: nothing of it is replaced. A skip replaces nothing that still ran when it was skipped.
 * - What a concurrency group cancelled is replaced by the newer run as a whole, and so is an ended run without any check.
 * - In one run a newer attempt of a job replaces the one before.
 */
export function latestChecks(checks: readonly Check[], known: KnownRuns = {}): readonly Check[] {
  return checks.filter((check) => !checks.some((other) => replaces(other, check, known)));
}

/**
 * Ended runs that were cancelled and have a newer run without checks of their names: only what cancelled them tells whether that run stands
 * in for them. One cancelled check of each.
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
  // GitHub shows jobs as skipped that a cancelled run never came to: the newer run may yet bring them.
  const isSkipped = older.state === "skipped" && newer.suiteEnded !== true;
  const unfinished = older.state === "cancelled" || isPending(older.state) || isSkipped;
  const stopped = older.suiteConclusion === "CANCELLED" && unfinished;
  return stopped && !(older.run !== null && alone?.has(older.run));
}

/** A job that was skipped while the other still ran says nothing about what came of that. */
function isSkipOver(newer: Check, older: Check): boolean {
  if (newer.state !== "skipped" || older.state === "skipped") return false;
  return older.endedAt === null || newer.endedAt === null || older.endedAt > newer.endedAt;
}

/** Within one suite: a newer attempt of the job. Other apps have no attempts: they report under the same name again. */
function isAgain(newer: Check, older: Check): boolean {
  if (newer.kind !== "check" || older.kind !== "check" || newer.name !== older.name) return false;
  if (newer.attempt !== null && older.attempt !== null) return newer.attempt > older.attempt;
  if (newer.run !== null || newer.app === "github-actions") return false;
  return newer.id > older.id && older.endedAt !== null && (newer.startedAt ?? older.endedAt) >= older.endedAt;
}

/** Whether one belongs to a newer run of the other's workflow and event, and the other's run has ended. */
function isLaterRun(newer: Check, older: Check): boolean {
  if (newer.suite === older.suite || newer.event !== older.event || older.suiteEnded !== true) return false;
  if (!isSameWorkflow(newer, older)) return false;
  // A re-run of the earlier run is the newer report: its jobs have newer numbers.
  if (newer.kind === "check" && older.kind === "check" && newer.name === older.name) return newer.id > older.id;
  if (newer.runNumber !== null && older.runNumber !== null) return newer.runNumber > older.runNumber;
  return (newer.suite ?? 0) > (older.suite ?? 0);
}

/** The name of a workflow says it where its number is not shown; without either, two runs of Actions are strangers. */
function isSameWorkflow(one: Check, other: Check): boolean {
  if (one.kind === "status" || other.kind === "status" || one.app !== other.app) return false;
  if (one.workflowId !== null && other.workflowId !== null) return one.workflowId === other.workflowId;
  return one.workflow !== null && one.workflow === other.workflow;
}

/** Other apps have one suite per commit and put unrelated checks into it: of two suites only checks of one name meet. */
function isLaterReport(newer: Check, older: Check): boolean {
  const ofApp = newer.run === null && older.run === null && newer.app !== "github-actions" && newer.app !== null;
  if (!ofApp || newer.kind !== "check" || older.kind !== "check" || newer.name !== older.name) return false;
  return (newer.suite ?? 0) > (older.suite ?? 0) && !isPending(older.state);
}
