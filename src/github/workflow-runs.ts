import { orWithheld, restList } from "./answer/rest-list.ts";
import { checkRunState } from "./checks.ts";
import type { GitHub } from "./client.ts";
import type { Check } from "./pull-request.ts";
import { numberAt, textAt } from "./read.ts";

/** A workflow run as REST shows it. */
export interface WorkflowRun extends Check {
  /** Path of the workflow's file, without the ref that GitHub may add. */
  readonly path: string;
  readonly branch: string | null;
}

/**
 * Reads the workflow runs of a commit. They show runs without a check when suites cannot be read, and the file of each run. Null when
 * this login may not read them.
 */
export async function readWorkflowRuns(github: GitHub, repo: string, sha: string): Promise<WorkflowRun[] | null> {
  const runs = await orWithheld(
    restList(github, `repos/${repo}/actions/runs?head_sha=${sha}&per_page=100`, "workflow_runs"),
  );
  return runs?.map(readRun) ?? null;
}

/** Reads a workflow run from REST. */
export function readRun(run: unknown): WorkflowRun {
  const [status, conclusion] = [textAt(run, "status"), textAt(run, "conclusion")];
  const suite = numberAt(run, "check_suite_id");
  const [path = ""] = (textAt(run, "path") ?? "").split("@");
  return {
    kind: "suite",
    id: suite ?? 0,
    name: textAt(run, "name") ?? "workflow",
    app: "github-actions",
    appId: null,
    workflow: textAt(run, "name"),
    workflowId: numberAt(run, "workflow_id"),
    event: textAt(run, "event"),
    suite,
    suiteEnded: status === null ? null : status === "completed",
    suiteConclusion: conclusion?.toUpperCase() ?? null,
    run: numberAt(run, "id"),
    runNumber: numberAt(run, "run_number"),
    attempt: numberAt(run, "run_attempt"),
    cause: null,
    state: checkRunState(status, conclusion),
    raw: [status, conclusion].filter(Boolean).join("/").toUpperCase(),
    required: null,
    url: textAt(run, "html_url"),
    description: null,
    startedAt: null,
    endedAt: null,
    path,
    branch: textAt(run, "head_branch"),
  };
}
