import { orWithheld, restList } from "../answer/rest-list.ts";
import { checkRunState, isPending } from "../checks.ts";
import type { GitHub } from "../client.ts";
import type { Check } from "../pull-request.ts";
import { numberAt, textAt, timeAt } from "../read.ts";

/**
 * Replaces checks that will never run by the jobs that ran: after a re-run GitHub may show a queued duplicate in place of the job.
 * Makes a request only for ended runs with waiting checks; a check without a job of its name stays.
 */
export async function withoutGhosts(github: GitHub, repo: string, checks: readonly Check[]): Promise<readonly Check[]> {
  const jobs = new Map<number, readonly unknown[]>();
  for (const run of new Set(checks.flatMap((check) => (isGhost(check) ? (check.run ?? []) : [])))) {
    const path = `repos/${repo}/actions/runs/${run}/jobs?filter=latest&per_page=100`;
    jobs.set(run, (await orWithheld(restList(github, path, "jobs"))) ?? []);
  }
  return checks.map((check) => (isGhost(check) ? asItRan(check, jobs.get(check.run ?? 0) ?? []) : check));
}

function isGhost({ kind, state, run, suiteEnded }: Check): boolean {
  return kind === "check" && isPending(state) && run !== null && suiteEnded === true;
}

/** The check as its job ended. Of several jobs, one that did not succeed counts; while one has not ended, the check stays. */
function asItRan(check: Check, jobs: readonly unknown[]): Check {
  const own = jobs.filter((job) => textAt(job, "name") === check.name);
  const others = own.filter((job) => numberAt(job, "id") !== check.id);
  const ran = others.length > 0 ? others : own;
  const stateOf = (job: unknown) => checkRunState(textAt(job, "status"), textAt(job, "conclusion"));
  if (ran.some((job) => isPending(stateOf(job)))) return check;
  const job = ran.find((one) => stateOf(one) !== "succeeded") ?? ran[0];
  if (job === undefined) return check;
  return {
    ...check,
    id: numberAt(job, "id") ?? check.id,
    state: stateOf(job),
    raw: [textAt(job, "status"), textAt(job, "conclusion")].filter(Boolean).join("/").toUpperCase(),
    url: textAt(job, "html_url") ?? check.url,
    startedAt: timeAt(job, "started_at"),
    endedAt: timeAt(job, "completed_at"),
  };
}
