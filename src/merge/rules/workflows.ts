import type { GitHub } from "../../github/client.ts";
import type { Check, OtherRules } from "../../github/pull-request.ts";
import { readWorkflowRuns, type WorkflowRun } from "../../github/workflow-runs.ts";
import type { Expected } from "../expected-checks.ts";

/** The runs of the workflows that rules demand. */
export interface RequiredWorkflows {
  /** The newest runs of each on the commit, named by its file. */
  readonly runs: readonly Check[];
  /** Files that have no run on it. */
  readonly missing: readonly string[];
}

/**
 * How the workflows that rulesets demand stand on a commit: one request, and only where a rule demands one. Null when this login may not read
 * runs: then nobody knows.
 */
export async function readRequiredWorkflows(
  github: GitHub,
  repo: string,
  sha: string,
  { workflows }: Pick<OtherRules, "workflows">,
): Promise<RequiredWorkflows | null> {
  if (workflows.length === 0) return { runs: [], missing: [] };
  const runs = await readWorkflowRuns(github, repo, sha);
  if (runs === null) return null;
  const newest = workflows.map((file) => newestOf(runs, file));
  return {
    runs: newest.flat(),
    missing: workflows.filter((_, index) => newest[index]?.length === 0),
  };
}

/**
 * The newest run of every workflow and event that a file stands for: a repository may have a file of the name that another's required workflow
 * has. GitHub puts the repository before the file where the workflow is another repository's.
 */
function newestOf(runs: readonly WorkflowRun[], file: string): Check[] {
  const own = runs.filter(({ path }) => path === file || path.endsWith(`/${file}`));
  const inOrder = own.toSorted((a, b) => (a.run ?? 0) - (b.run ?? 0));
  const newest = new Map(inOrder.map((run) => [`${run.workflowId} ${run.event}`, run]));
  return [...newest.values()].map((run) => ({ ...run, name: file, required: true }));
}

/** Lets the workflows that rules demand decide beside the required checks. */
export function withWorkflows(expected: Expected, workflows: RequiredWorkflows): Expected {
  const { runs, missing } = workflows;
  if (runs.length === 0 && missing.length === 0) return expected;
  const deciding = expected.requiredKnown ? expected.deciding : [];
  return {
    requiredKnown: true,
    deciding: [...deciding, ...runs],
    optional: expected.requiredKnown ? expected.optional : expected.deciding,
    missing: [...expected.missing, ...missing.map((name) => ({ name, appId: null }))],
  };
}
