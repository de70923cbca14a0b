import { hasPassed, isPending } from "../../github/checks.ts";
import type { GitHub } from "../../github/client.ts";
import type { Check, OtherRules } from "../../github/pull-request.ts";
import { readWorkflowRuns, type WorkflowRun } from "../../github/workflow-runs.ts";
import type { Expected } from "../expected-checks.ts";

/** The runs of the workflows that rules demand. */
export interface RequiredWorkflows {
  /** Runs of each workflow on the commit that are the newest of their event or go on, named by its file. */
  readonly runs: readonly Check[];
  /** Files of workflows without a run on the commit. */
  readonly missing: readonly string[];
}

/**
 * Reads the runs of required workflows on a commit. Makes one request, and none when no rule demands a workflow. Null when this login
 * may not read runs.
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
  const deciding = workflows.map((file) => decidingOf(runs, file));
  return {
    runs: deciding.flat(),
    missing: workflows.filter((_, index) => deciding[index]?.length === 0),
  };
}

/**
 * Finds the newest run of every workflow and event for a file, and older ones that go on: a newer run replaces only what has ended. The
 * repository may have a file of the same name as a required workflow of another repository, whose path GitHub prefixes with that repository.
 */
function decidingOf(runs: readonly WorkflowRun[], file: string): Check[] {
  const own = runs.filter(({ path }) => path === file || path.endsWith(`/${file}`));
  const inOrder = own.toSorted((a, b) => (a.run ?? 0) - (b.run ?? 0));
  const newest = new Map(inOrder.map((run) => [`${run.workflowId} ${run.event}`, run]));
  const all = new Set([...newest.values(), ...inOrder.filter(({ suiteEnded }) => suiteEnded === false)]);
  return [...all].map((run) => ({ ...run, name: file, required: true }));
}

/** Adds the runs of required workflows to the checks that decide. */
export function withWorkflows(expected: Expected, workflows: RequiredWorkflows): Expected {
  const { runs, missing } = workflows;
  if (runs.length === 0 && missing.length === 0) return expected;
  const deciding = expected.requiredKnown ? expected.deciding : [];
  const jobs = [...expected.deciding, ...expected.optional];
  return {
    requiredKnown: true,
    deciding: [...deciding, ...runs.map((run) => heldWithItsJobs(run, jobs))],
    optional: expected.requiredKnown ? expected.optional : expected.deciding,
    missing: [...expected.missing, ...missing.map((name) => ({ name, appId: null }))],
  };
}

/** Seconds that GitHub may take to update the merge state after a check has ended. */
const SETTLES_S = 10;

/**
 * Lets the checks that decide be followed, once they have passed, by every other check of Actions: runs that this login may not read hide
 * which of them are a required workflow's. One that failed decides when all have ended and GitHub's merge state is about that.
 */
export function withPossibleWorkflows(expected: Expected, now: number): Expected {
  const { deciding, optional, missing } = expected;
  const passed = missing.length === 0 && deciding.every(({ state }) => hasPassed(state));
  const jobs = optional.filter(({ app }) => passed && (app === null || app === "github-actions"));
  const settled = jobs.every(({ state, endedAt }) => !isPending(state) && (endedAt ?? 0) <= now - SETTLES_S * 1000);
  const possible = jobs.filter(({ state }) => settled || isPending(state));
  return {
    ...expected,
    requiredKnown: true,
    deciding: [...deciding, ...possible],
    optional: optional.filter((check) => !possible.includes(check)),
  };
}

/** A run whose jobs all wait for a person, an app or a timer waits for that itself: for the person only when no job waits for another. */
function heldWithItsJobs(run: Check, checks: readonly Check[]): Check {
  const jobs = checks.filter((job) => job.run === run.run && isOpen(job));
  if (!isOpen(run) || !jobs.every(({ state, cause }) => state === "blocked" || cause !== null)) return run;
  const held = jobs.find(({ state }) => state !== "blocked") ?? jobs[0];
  return held === undefined ? run : { ...run, state: held.state, cause: held.cause };
}

const isOpen = ({ state }: Check) => ["queued", "running", "waiting", "blocked"].includes(state);
