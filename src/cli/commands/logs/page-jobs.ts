import { ExternalError } from "../../../core/errors.ts";
import { readJob, readJobs } from "../../../github/actions/jobs.ts";
import type { ActionsPage } from "../../../github/actions/page.ts";
import type { CheckState } from "../../../github/checks.ts";
import type { CiPage } from "../../../heal/evidence/ci-log.ts";
import type { EvidenceDeps } from "../../../heal/evidence/red-pull-request.ts";
import { isRed, type Job, type Jobs } from "./job.ts";
import { checkJob } from "./pull-request-jobs.ts";
import type { RunPage } from "./run-page.ts";

/**
 * Reads the jobs of a run by its page, or the one job that the page is of.
 *
 * @throws {ExternalError} or the service's error when they cannot be read.
 */
export function pageJobs(page: RunPage, deps: EvidenceDeps): Promise<Jobs> {
  return page.ci ? ciJobs(page.ci, page.url) : actionsJobs(page.actions, page.url, deps);
}

async function actionsJobs(page: ActionsPage, url: string, deps: EvidenceDeps): Promise<Jobs> {
  const { repo, run, attempt, job } = page;
  const one = job === null ? null : await readJob(deps.github, repo, job);
  const read = job === null ? await readJobs(deps.github, repo, run, attempt) : one && [one];
  const of = job === null ? `run ${run}${attempt === null ? "" : `, attempt ${attempt}`}` : `job ${job}`;
  if (read === null) throw new ExternalError(`${repo} has no ${of} that this login can see`);
  const all = read
    .toSorted(
      (a, b) => Number(b.state === "failed") - Number(a.state === "failed") || (a.endedAt ?? 0) - (b.endedAt ?? 0),
    )
    .map((check) => checkJob(check, repo, check.sha ?? `run-${run}`, deps));
  const red = all.filter(isRed);
  const rest = all.filter((one) => !isRed(one));
  // Who names a job means it, however it ended.
  return { of: `${of} of ${repo}`, page: url, all: [...red, ...rest], meant: job === null ? red : all };
}

async function ciJobs(page: CiPage, url: string): Promise<Jobs> {
  if (page.problem !== null) throw new ExternalError(page.problem);
  const { title, label, status, log } = await page.read();
  const of = `${title} ${label}`;
  const { note } = log;
  const job = (name: string, state: CheckState, text: string, told: string | null): Job => {
    return { name, state, url, read: async () => ({ text, steps: null, note: told }) };
  };
  const parts = textByJob(log.text);
  if (parts.size > 0) {
    const jobs = [...parts].map(([name, text], index) => job(name, "failed", text, index === 0 ? note : null));
    return { of, page: url, all: jobs, meant: jobs };
  }
  const state = STATES[status];
  if (state === "succeeded" || state === "skipped") return { of, page: url, all: [], meant: [] };
  const whole = job(label, state, "", note);
  return { of, page: url, all: [whole], meant: isRed(whole) ? [whole] : [] };
}

const STATES = {
  waiting: "queued",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
  blocked: "blocked",
  superseded: "cancelled",
  skipped: "skipped",
  unknown: "unknown",
} as const satisfies Record<string, CheckState>;

const NAMED = /^([^\t]*)\t[^\t]*\t\d{4}-\d\d-\d\dT/;

/** A log in the form of `gh run view --log` by the name of the job before each line; a line without one belongs to the last. */
function textByJob(log: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string[]>();
  let name = "";
  for (const line of log === "" ? [] : log.split("\n")) {
    name = NAMED.exec(line)?.[1] ?? name;
    const own = lines.get(name);
    if (own) own.push(line);
    else lines.set(name, [line]);
  }
  return new Map([...lines].map(([job, own]) => [job, own.join("\n")]));
}
