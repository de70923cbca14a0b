import type { Check, Suite } from "../checks.ts";
import { iso, isoOrNull } from "../clock.ts";
import type { Commit } from "../commit.ts";
import { repoUrl } from "../graphql/repository.ts";
import { workflowId } from "../ids.ts";
import type { Repo } from "../repo.ts";
import { apiUrl, json, noAccess, notFound, paged, type Reply } from "./reply.ts";
import type { Asked, Route } from "./router.ts";

const lower = (value: string | null) => value?.toLowerCase() ?? null;

/** Workflow runs, their attempts, jobs and logs, and the re-run. */
export const actionsRoutes: Route[] = [
  ["GET", /^actions\/runs$/, (asked) => guarded(asked, () => listRuns(asked))],
  ["GET", /^actions\/workflows$/, (asked) => guarded(asked, () => listWorkflows(asked))],
  ["GET", /^actions\/workflows\/([^/]+)\/runs$/, (asked) => guarded(asked, () => listRuns(asked, asked.parts[0]))],
  ["GET", /^actions\/workflows\/(\d+)$/, (asked) => guarded(asked, () => workflow(asked))],
  [
    "GET",
    /^actions\/runs\/(\d+)(?:\/attempts\/(\d+))?$/,
    (asked) => onRun(asked, (suite, commit) => json(viewRun(suite, commit, attemptOf(asked, suite)))),
  ],
  [
    "GET",
    /^actions\/runs\/(\d+)(?:\/attempts\/(\d+))?\/jobs$/,
    (asked) => onRun(asked, (suite, commit) => listJobs(asked, suite, commit)),
  ],
  ["GET", /^actions\/jobs\/(\d+)$/, (asked) => onJob(asked, (check, commit) => json(viewJob(check, commit)))],
  ["GET", /^actions\/jobs\/(\d+)\/logs$/, (asked) => onJob(asked, jobLog)],
  [
    "POST",
    /^actions\/runs\/(\d+)\/(rerun|rerun-failed-jobs)$/,
    (asked) => onRun(asked, (suite, commit) => rerun(asked, suite, commit)),
  ],
];

function guarded(asked: Asked, run: () => Reply): Reply {
  return asked.world.permissions.actions ? run() : noAccess;
}

function* runsOf(repo: Repo): Generator<[Suite, Commit]> {
  for (const commit of repo.commits.values()) {
    for (const suite of commit.shownSuites()) if (suite.workflow) yield [suite, commit];
  }
}

function listRuns({ repo, url }: Asked, wanted?: string): Reply {
  const sha = url.searchParams.get("head_sha");
  const event = url.searchParams.get("event");
  const branch = url.searchParams.get("branch");
  const runs = [...runsOf(repo)]
    .filter(
      ([suite, commit]) =>
        (!sha || commit.sha === sha) &&
        (!event || suite.event === event) &&
        (!branch || (commit.branch ?? repo.defaultBranch) === branch) &&
        (!wanted || isWorkflow(suite, wanted)),
    )
    .reverse();
  return paged(runs, url, (page) => ({
    total_count: runs.length,
    workflow_runs: page.map(([suite, commit]) => viewRun(suite, commit, suite.attempt)),
  }));
}

function isWorkflow(suite: Suite, wanted: string): boolean {
  return String(workflowId(suite.workflow ?? "")) === wanted || suite.workflow === wanted.replace(/\.ya?ml$/, "");
}

/** Runs something on the run of the path. */
export function onRun(asked: Asked, run: (suite: Suite, commit: Commit) => Reply): Reply {
  if (!asked.world.permissions.actions) return noAccess;
  for (const [suite, commit] of runsOf(asked.repo))
    if (String(suite.runId) === asked.parts[0]) return run(suite, commit);
  return notFound;
}

function onJob(asked: Asked, run: (check: Check, commit: Commit) => Reply): Reply {
  if (!asked.world.permissions.actions) return noAccess;
  for (const [suite, commit] of runsOf(asked.repo)) {
    const check = suite.checks.find((candidate) => String(candidate.id) === asked.parts[0]);
    if (check) return run(check, commit);
  }
  return notFound;
}

function attemptOf(asked: Asked, suite: Suite): number {
  return Number(asked.parts[1] ?? suite.attempt);
}

function viewRun(suite: Suite, commit: Commit, attempt: number) {
  const { repo } = commit;
  const { status, conclusion } =
    attempt === suite.attempt ? suite.at(repo.world.now()) : { status: "COMPLETED", conclusion: "FAILURE" };
  const url = `${repoUrl(repo)}/actions/runs/${suite.runId}`;
  const started = suite.checks.find((check) => check.attempt === attempt)?.epoch ?? suite.createdAt;
  return {
    id: suite.runId,
    name: suite.workflow,
    workflow_id: workflowId(suite.workflow ?? ""),
    path: suite.path,
    event: suite.event,
    head_sha: commit.sha,
    head_branch: commit.branch ?? repo.defaultBranch,
    run_number: suite.runNumber,
    run_attempt: attempt,
    status: lower(status),
    conclusion: lower(conclusion),
    check_suite_id: suite.id,
    html_url: url,
    url: `${apiUrl(repo)}/actions/runs/${suite.runId}`,
    jobs_url: `${apiUrl(repo)}/actions/runs/${suite.runId}/jobs`,
    display_title: commit.message,
    workflow_url: `${apiUrl(repo)}/actions/workflows/${workflowId(suite.workflow ?? "")}`,
    created_at: iso(suite.createdAt),
    updated_at: iso(repo.world.now()),
    run_started_at: iso(started),
    pull_requests: pullsOf(suite, commit),
    repository: { full_name: repo.fullName },
    head_repository: { full_name: commit.headRepository ?? repo.fullName },
    previous_attempt_url: attempt > 1 ? `${apiUrl(repo)}/actions/runs/${suite.runId}/attempts/${attempt - 1}` : null,
    head_commit: { id: commit.sha, message: commit.message },
  };
}

/**
 * Pull requests that a run belongs to: open ones of a branch of the repository itself. A fork's are left out.
 * Source: docs.github.com/rest/actions/workflow-runs, `pull_requests`; its being empty for forks is in many reports (cli/cli#5896).
 */
function pullsOf(suite: Suite, commit: Commit): object[] {
  return commit.repo
    .shownPulls()
    .filter((pull) => pull.fork === null && pull.state === "OPEN" && pull.head === commit && suite.event !== "push")
    .map((pull) => ({
      number: pull.number,
      head: { ref: pull.branch, sha: commit.sha },
      base: { ref: pull.base, sha: commit.repo.branchSha(pull.base) },
    }));
}

function listJobs(asked: Asked, suite: Suite, commit: Commit): Reply {
  const now = asked.world.now();
  const attempt = attemptOf(asked, suite);
  const all =
    asked.parts[1] === undefined
      ? asked.url.searchParams.get("filter") === "all"
        ? suite.checks
        : suite.latest(now)
      : suite.checks.filter((check) => check.attempt === attempt);
  const jobs = all.filter((check) => check.visible(now));
  return paged(jobs, asked.url, (page) => ({
    total_count: jobs.length,
    jobs: page.map((check) => viewJob(check, commit)),
  }));
}

function viewJob(check: Check, commit: Commit) {
  const state = check.at(commit.repo.world.now());
  return {
    id: check.id,
    run_id: check.suite.runId,
    run_attempt: check.attempt,
    head_sha: commit.sha,
    name: check.plan.name,
    workflow_name: check.suite.workflow,
    status: lower(state.status),
    conclusion: lower(state.conclusion),
    started_at: isoOrNull(state.startedAt),
    completed_at: isoOrNull(state.completedAt),
    html_url: `${repoUrl(commit.repo)}/actions/runs/${check.suite.runId}/job/${check.id}`,
    check_run_url: `${apiUrl(commit.repo)}/check-runs/${check.id}`,
    runner_name: state.startedAt === null ? null : "runner-1",
    labels: check.plan.labels ?? ["ubuntu-latest"],
    steps: (check.plan.steps ?? []).map((step, index) => ({
      name: step.name,
      number: index + 1,
      status: lower(state.status),
      conclusion: state.conclusion === null ? null : lower(step.conclusion ?? state.conclusion),
      started_at: isoOrNull(stepTime(check, step.starts) ?? state.startedAt),
      completed_at: isoOrNull(stepTime(check, step.ends) ?? state.completedAt),
    })),
  };
}

function stepTime({ epoch }: Check, second: number | undefined): number | null {
  return second === undefined || epoch === null ? null : epoch + second * 1000;
}

/** Logs exist once the job is over; GitHub answers with a redirect to its storage. */
function jobLog(check: Check, commit: Commit): Reply {
  if (check.at(commit.repo.world.now()).status !== "COMPLETED" || check.plan.log === undefined) return notFound;
  return { status: 302, body: "", headers: { location: `https://results.example/stored-logs/${check.id}` } };
}

/**
 * Source: docs.github.com/rest/actions/workflow-runs, "Re-run failed jobs from a workflow run" (201). While the run goes on GitHub answers 403
 * (cli/cli#9221, apache/tvm#12847); the two messages: metabase/metabase#70916.
 */
function rerun({ parts }: Asked, suite: Suite, commit: Commit): Reply {
  const { status, conclusion } = suite.at(commit.repo.world.now());
  if (status !== "COMPLETED") return json({ message: "This workflow is already running" }, 403);
  if (conclusion === "ACTION_REQUIRED") return json({ message: "This workflow run cannot be retried" }, 403);
  if (parts[1] === "rerun") commit.rerunAll(suite);
  else commit.rerunFailed(suite);
  return json({}, 201);
}

function listWorkflows({ repo, url }: Asked): Reply {
  return paged(repo.workflows, url, (page) => ({
    total_count: repo.workflows.length,
    workflows: page.map(({ name, path, state = "active" }) => ({ id: workflowId(name), name, path, state })),
  }));
}

function workflow({ repo, parts }: Asked): Reply {
  for (const [suite] of runsOf(repo)) {
    const id = workflowId(suite.workflow ?? "");
    if (String(id) === parts[0]) return json({ id, name: suite.workflow, path: suite.path, state: "active" });
  }
  return notFound;
}
