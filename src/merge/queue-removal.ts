import { holeError, holeOf, isWithheld } from "../github/answer/hole.ts";
import { problemAt } from "../github/answer/problem.ts";
import { orWithheld } from "../github/answer/rest-list.ts";
import type { GitHub } from "../github/client.ts";
import { commitField, commitSelection, readCommit } from "../github/commit-checks.ts";
import type { Check } from "../github/pull-request.ts";
import { listAt, textAt, timeAt } from "../github/read.ts";
import { readRun } from "../github/workflow-runs.ts";
import { latestChecks } from "./latest-checks.ts";

/** A pull request's removal from the merge queue, its last event there. */
export interface QueueRemoval {
  /** GitHub's value: `failed_checks`, `merge_conflict`, `manual`. */
  readonly reason: string;
  /** ms since the epoch. */
  readonly at: number | null;
  /** Checks that failed on the queue's merge commit. */
  readonly failed: readonly Check[];
}

/** Whether the queue itself took the pull request out, because of what its checks or the base say. */
export function isEjection({ reason }: Pick<QueueRemoval, "reason">): boolean {
  return !isMerge(reason) && !/manual|by.?hand/i.test(reason);
}

/** Whether the reason of a removal is the merge itself. */
export function isMerge(reason: string): boolean {
  return /^(?:already_)?merged?$/i.test(reason);
}

/** Whether a removal is about the head with these checks: one of them began before it, or its time is unknown. */
export function isOfHead({ at }: Pick<QueueRemoval, "at">, checks: readonly Check[]): boolean {
  return at === null || checks.some(({ startedAt }) => startedAt !== null && startedAt < at);
}

const EVENTS = "[ADDED_TO_MERGE_QUEUE_EVENT, REMOVED_FROM_MERGE_QUEUE_EVENT]";

/**
 * Reads the removal of a pull request from the merge queue; null when its last queue event is no removal. A merge removes it too,
 * with the reason `merged`.
 *
 * @throws {GitHubError} when the event could not be read now.
 */
export async function readQueueRemoval(
  github: GitHub,
  repo: string,
  number: number,
  head: string,
): Promise<QueueRemoval | null> {
  const answer = await github.repository(
    repo,
    `pullRequest(number: ${number}) { timelineItems(last: 1, itemTypes: ${EVENTS}) { nodes { __typename
      ... on RemovedFromMergeQueueEvent { reason createdAt beforeCommit { oid } } } } }`,
  );
  const problem = problemAt(answer.problems, ["pullRequest", "timelineItems"]);
  if (problem && !isWithheld(holeOf(problem))) throw holeError(holeOf(problem), `the timeline of #${number}`);
  const [event] = listAt(answer.data, "pullRequest", "timelineItems", "nodes");
  if (textAt(event, "__typename") !== "RemovedFromMergeQueueEvent") return null;
  const group = textAt(event, "beforeCommit", "oid");
  const failed = group === null || group === head ? [] : await failedOn(github, repo, group);
  return {
    reason: textAt(event, "reason") ?? "",
    at: timeAt(event, "createdAt"),
    failed: failed.length > 0 ? failed : await failedRuns(github, repo, number),
  };
}

async function failedOn(github: GitHub, repo: string, sha: string): Promise<readonly Check[]> {
  const answer = await github.repository(repo, commitField(sha, commitSelection(null)));
  const commit = await readCommit(github, repo, answer, null);
  return latestChecks(commit?.checks ?? []).filter(({ state }) => state === "failed" || state === "cancelled");
}

/** Finds failed runs by the queue's branch, which names the pull request; the event does not always name the commit. */
async function failedRuns(github: GitHub, repo: string, number: number): Promise<readonly Check[]> {
  const rows = await orWithheld(github.rest<unknown>(`repos/${repo}/actions/runs?event=merge_group&per_page=50`));
  const own = listAt(rows, "workflow_runs")
    .map(readRun)
    .filter(({ branch }) => branch?.includes(`/pr-${number}-`));
  const newest = own.filter(({ branch }) => branch === own[0]?.branch);
  return newest.filter(({ state }) => state === "failed" || state === "cancelled");
}
