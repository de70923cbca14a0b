import { isPending } from "../github/checks.ts";
import type { Check } from "../github/pull-request.ts";

/** What makes two reports the same check: app, workflow, event and name; for statuses the context alone. */
export function checkKey(check: Check): string {
  return JSON.stringify([check.kind === "status" ? "status" : check.app, check.workflow, check.event, check.name]);
}

/**
 * Leaves out what a newer attempt of the same check replaced. Checks of another event or workflow count for themselves, and
 * so do jobs of the same name in one run.
 *
 * - A newer suite of the same app, workflow and event replaces checks of the same name in an older one, and everything in
 *   an older one that was cancelled or never ended: a concurrency group stopped it.
 * - Within one suite a check that began after another of its name had ended is that one's re-run.
 */
export function latestChecks(checks: readonly Check[]): readonly Check[] {
  return checks.filter((check) => !checks.some((other) => replaces(other, check)));
}

function replaces(newer: Check, older: Check): boolean {
  if (newer === older || newer.kind === "status" || older.kind === "status") return false;
  if (newer.app !== older.app || newer.workflow !== older.workflow || newer.event !== older.event) return false;
  if (newer.suite === older.suite || newer.suite === null || older.suite === null) {
    return newer.name === older.name && isRerun(newer, older);
  }
  if (newer.suite < older.suite) return false;
  if (newer.name === older.name && newer.kind === older.kind) return true;
  // Other apps have one suite per commit and put unrelated checks into it.
  return newer.workflow !== null && (older.state === "cancelled" || isPending(older.state));
}

function isRerun(newer: Check, older: Check): boolean {
  if (newer.id <= older.id || older.endedAt === null) return false;
  return newer.startedAt === null || newer.startedAt >= older.endedAt;
}
