import { orWithheld, restList } from "../answer/rest-list.ts";
import { type CheckState, checkRunState } from "../checks.ts";
import type { GitHub } from "../client.ts";
import type { Check } from "../pull-request.ts";
import { at, listAt, numberAt, textAt, timeAt } from "../read.ts";

/** A job of a workflow run. */
export interface RunJob extends Check {
  /** Labels of the runner that it asked for. */
  readonly labels: readonly string[];
  /** The commit that it ran for; null: GitHub does not say. */
  readonly sha: string | null;
}

/** A step of a job, as GitHub names it. */
export interface JobStep {
  readonly name: string;
  readonly state: CheckState;
  /** ms since the epoch, in whole seconds; null: it did not start. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/**
 * Reads the latest jobs of a workflow run, or those of one attempt. Null when this login may not read them, or GitHub has them no
 * more.
 */
export async function readJobs(
  github: GitHub,
  repo: string,
  run: number,
  attempt: number | null = null,
): Promise<readonly RunJob[] | null> {
  const path = `repos/${repo}/actions/runs/${run}${attempt === null ? "" : `/attempts/${attempt}`}/jobs?per_page=100`;
  const jobs = await orWithheld(restList(github, path, "jobs"));
  return jobs?.map((job) => jobOf(job, run)) ?? null;
}

/** Reads one job. Null when this login may not read it, or GitHub has it no more. */
export async function readJob(github: GitHub, repo: string, id: number): Promise<RunJob | null> {
  const job = await orWithheld(github.rest<unknown>(`repos/${repo}/actions/jobs/${id}`));
  return job === null ? null : jobOf(job, numberAt(job, "run_id"));
}

/** Reads the steps of a job. Null when this login may not read them, or GitHub has them no more. */
export async function readSteps(github: GitHub, repo: string, job: number): Promise<readonly JobStep[] | null> {
  const answer = await orWithheld(github.rest<unknown>(`repos/${repo}/actions/jobs/${job}`));
  if (!Array.isArray(at(answer, "steps"))) return null;
  return listAt(answer, "steps").map((step) => ({
    name: textAt(step, "name") ?? "",
    state: checkRunState(textAt(step, "status"), textAt(step, "conclusion")),
    startedAt: timeAt(step, "started_at"),
    endedAt: timeAt(step, "completed_at"),
  }));
}

function jobOf(job: unknown, run: number | null): RunJob {
  const [status, conclusion] = [textAt(job, "status"), textAt(job, "conclusion")];
  return {
    kind: "check",
    id: numberAt(job, "id") ?? 0,
    name: textAt(job, "name") ?? "job",
    app: "github-actions",
    appId: null,
    workflow: textAt(job, "workflow_name"),
    workflowId: null,
    event: null,
    suite: null,
    suiteEnded: null,
    suiteConclusion: null,
    run,
    runNumber: null,
    attempt: numberAt(job, "run_attempt"),
    state: checkRunState(status, conclusion),
    cause: null,
    raw: [status, conclusion].filter(Boolean).join("/").toUpperCase(),
    required: null,
    url: textAt(job, "html_url"),
    description: null,
    startedAt: timeAt(job, "started_at"),
    endedAt: timeAt(job, "completed_at"),
    labels: listAt(job, "labels").filter((label) => typeof label === "string"),
    sha: textAt(job, "head_sha"),
  };
}
