import {
  actionsPage,
  type CheckState,
  causeWords,
  checkRunState,
  GitHubError,
  inLocalTime,
  listAt,
  numberAt,
  orWithheld,
  restList,
  stoppedBy,
  textAt,
  timeAt,
  unknownRepository,
  whyNeverStarted,
  whyRunWaits,
} from "../../../src/github.ts";
import {
  type LookContext,
  type LookResult,
  type Outcome,
  oneLine,
  type Pin,
  type PluginContext,
  RefError,
  type WaitRequest,
} from "../../../src/plugin.ts";
import { itemsOfJobs, progressOfJobs } from "./actions-jobs.ts";

/** `run:<id>`, or an Actions run's page on any host. */
interface RunRef {
  readonly repo: string | null;
  readonly id: number;
  readonly attempt: number | null;
}

/** Reads a reference to a workflow run; null when it is none. */
export function parseRun(ref: string): RunRef | null {
  const page = actionsPage(ref);
  if (page) return { repo: page.repo, id: page.run, attempt: page.attempt };
  const [, id, attempt] = /^run:(\d+)(?:\/(\d+))?$/.exec(ref) ?? [];
  return id ? { repo: null, id: Number(id), attempt: attempt ? Number(attempt) : null } : null;
}

/** Binds to one attempt of a run: a re-run is another wait. */
export async function pinRun(run: RunRef, { network }: WaitRequest, context: PluginContext): Promise<Pin> {
  const repo = run.repo ?? context.repo;
  if (!repo) throw new RefError(`Cannot watch run:${run.id}: ${unknownRepository(context.env)}`);
  const answer = network ? await readRun(context, repo, run.id) : null;
  const attempt = run.attempt ?? numberAt(answer, "run_attempt");
  const name = oneLine(textAt(answer, "name") ?? "", 60);
  return {
    ref: `run:${run.id}${attempt !== null && attempt > 1 ? `/${attempt}` : ""}`,
    key: `${repo.toLowerCase()} run:${run.id}/${attempt ?? "latest"}`,
    repo,
    sha: textAt(answer, "head_sha"),
    title: oneLine([name, textAt(answer, "display_title")].filter(Boolean).join(": "), 120),
    history: `${repo.toLowerCase()} workflow:${numberAt(answer, "workflow_id") ?? name}`,
    // What is looked up again when GitHub could not be asked.
    identity: {
      form: "run",
      id: run.id,
      attempt,
      ref: `run:${run.id}${run.attempt === null ? "" : `/${run.attempt}`}`,
    },
    complete: attempt !== null,
  };
}

async function readRun(context: PluginContext, repo: string, id: number): Promise<unknown> {
  try {
    return await context.github.rest<unknown>(`repos/${repo}/actions/runs/${id}`);
  } catch (error) {
    if (!(error instanceof GitHubError) || error.problem !== "not-found") throw error;
    throw new RefError(`${repo} has no workflow run ${id} that this login can see`, { cause: error });
  }
}

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  succeeded: "succeeded",
  neutral: "succeeded",
  skipped: "skipped",
  failed: "failed",
  blocked: "blocked",
};

/** Looks once at the pinned attempt and its jobs. */
export async function lookAtRun(context: LookContext): Promise<LookResult> {
  const { pin, github } = context;
  const [id, attempt] = [numberAt(pin.identity, "id"), numberAt(pin.identity, "attempt")];
  const path = `repos/${pin.repo}/actions/runs/${id}`;
  const latest = await github.rest<unknown>(path);
  const older = numberAt(latest, "run_attempt") !== attempt;
  const run = older ? await github.rest<unknown>(`${path}/attempts/${attempt}`) : latest;
  const jobs = await restList(github, `${path}${older ? `/attempts/${attempt}` : ""}/jobs?per_page=100`, "jobs");
  const [status, conclusion] = [textAt(run, "status"), textAt(run, "conclusion")];
  const state = checkRunState(status, conclusion);
  const items = itemsOfJobs(jobs);
  const name = oneLine(textAt(run, "name") ?? `run ${id}`, 60);
  const cause = older ? null : await whyRunWaits(github, pin.repo ?? "", id ?? 0, status);
  const unpaid = state === "failed" ? await whyUnpaid(context, jobs) : null;
  const outcome =
    cause?.is === "reviewer" ? "blocked" : unpaid ? "not_started" : await outcomeOf(context, state, run, jobs);
  const failed = items.filter((item) => item.state === "failed");
  const which = failed.length > 0 ? `: ${failed.map((item) => `"${item.name}"`).join(", ")} failed` : "";
  const said = (conclusion ?? status ?? "unknown").replaceAll("_", " ");
  const result: LookResult = {
    status: outcome ?? (state === "queued" ? "waiting" : "running"),
    reason: unpaid
      ? `GitHub did not start "${name}": ${unpaid}; the owner of the account must look at its billing`
      : `"${name}" is ${said}${which}${cause ? `: ${causeWords(cause)}` : ""}`,
    items,
    progress: progressOfJobs(jobs),
    evidence: failed.map(({ name: job, detail, url }) => ({ job, text: `${job}: ${detail}`, ...(url ? { url } : {}) })),
    unknown: state === "unknown" ? [`${status}/${conclusion} of run ${id}`] : [],
    settle: { looks: 2, confirmS: 1 },
    notBeforeS: Math.min(30, 5 * 1.5 ** context.look),
    startedAt: timeAt(run, "run_started_at") ?? undefined,
    endedAt: outcome ? (timeAt(run, "updated_at") ?? undefined) : undefined,
    ...(older ? { note: `A later attempt of run ${id} has begun; attempt ${attempt} is watched` } : {}),
    // No runner is needed yet for a job that waits for a timer, an app or another run.
    ...(state === "queued" && cause === null
      ? { grace: { name: "runner", outcome: "no_runner", reason: `No runner took "${name}"` } }
      : {}),
    extra: { run_id: id, attempt, url: textAt(run, "html_url") },
  };
  return inLocalTime(result, { github, clock: context.clock, repo: pin.repo ?? null });
}

async function outcomeOf(
  context: LookContext,
  state: CheckState,
  run: unknown,
  jobs: readonly unknown[],
): Promise<Outcome | undefined> {
  return state === "cancelled" ? cancelled(context, run, jobs) : OUTCOMES[state];
}

/** Why GitHub never started any of the failed jobs (billing); null when one of them ran. */
async function whyUnpaid({ github, pin }: LookContext, jobs: readonly unknown[]): Promise<string | null> {
  const failed = jobs.filter((job) => checkRunState(textAt(job, "status"), textAt(job, "conclusion")) === "failed");
  const asked = failed.map((job) => ({
    id: numberAt(job, "id") ?? 0,
    startedAt: timeAt(job, "started_at"),
    endedAt: timeAt(job, "completed_at"),
  }));
  return whyNeverStarted(github, pin.repo ?? "", asked);
}

/**
 * Tells a run that its concurrency group stopped (replaced) from one that a person cancelled. Reads GitHub's messages on the
 * jobs; a run without jobs was replaced when a newer run of its workflow exists for the same branch of the same repository.
 */
async function cancelled({ pin, github }: LookContext, run: unknown, jobs: readonly unknown[]): Promise<Outcome> {
  const stopped = jobs.find((job) => textAt(job, "conclusion") === "cancelled");
  const by = stopped ? await stoppedBy(github, pin.repo ?? "", numberAt(stopped, "id") ?? 0) : "unknown";
  if (by !== "unknown") return by === "group" ? "superseded" : "cancelled";
  const workflow = numberAt(run, "workflow_id");
  const branch = encodeURIComponent(textAt(run, "head_branch") ?? "");
  const event = encodeURIComponent(textAt(run, "event") ?? "");
  const path = `repos/${pin.repo}/actions/workflows/${workflow}/runs?branch=${branch}&event=${event}&per_page=20`;
  const runs = await orWithheld(github.rest<unknown>(path));
  const home = textAt(run, "head_repository", "full_name");
  const newer = listAt(runs, "workflow_runs").some(
    (other) =>
      (numberAt(other, "id") ?? 0) > (numberAt(run, "id") ?? 0) &&
      textAt(other, "head_repository", "full_name") === home,
  );
  return newer ? "superseded" : "cancelled";
}
