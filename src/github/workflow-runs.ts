import { checkRunState } from "./checks.ts";
import type { GitHub } from "./client.ts";
import { GitHubError } from "./errors.ts";
import type { Check } from "./pull-request.ts";
import { listAt, numberAt, textAt } from "./read.ts";

/**
 * Workflow runs of a commit, for where check suites cannot be read: they tell of runs that have no check yet or could not
 * start. Empty when they cannot be read either.
 */
export async function readWorkflowRuns(github: GitHub, repo: string, sha: string): Promise<Check[]> {
  try {
    const answer = await github.rest<unknown>(`repos/${repo}/actions/runs?head_sha=${sha}&per_page=100`, {
      paginate: true,
    });
    return listAt(answer, "workflow_runs").map(readRun);
  } catch (error) {
    if (error instanceof GitHubError && (error.problem === "forbidden" || error.problem === "not-found")) return [];
    throw error;
  }
}

function readRun(run: unknown): Check {
  const [status, conclusion] = [textAt(run, "status"), textAt(run, "conclusion")];
  const suite = numberAt(run, "check_suite_id");
  return {
    kind: "suite",
    id: suite ?? 0,
    name: textAt(run, "name") ?? "workflow",
    app: "github-actions",
    appId: null,
    workflow: textAt(run, "name"),
    event: textAt(run, "event"),
    suite,
    run: numberAt(run, "id"),
    state: checkRunState(status, conclusion),
    raw: [status, conclusion].filter(Boolean).join("/").toUpperCase(),
    required: null,
    url: textAt(run, "html_url"),
    description: null,
    startedAt: null,
    endedAt: null,
  };
}
