import { readConnection } from "../../github/answer/connection.ts";
import { holeError, isWithheld } from "../../github/answer/hole.ts";
import type { GitHub } from "../../github/client.ts";
import { commitField } from "../../github/commit-checks.ts";
import { textAt } from "../../github/read.ts";
import type { RequiredCheck, RequiredState } from "../facts.ts";

/** State of a required deployment by `DeploymentStatusState`. An inactive one was successful before a newer one replaced it. */
const STATES: Readonly<Record<string, RequiredState>> = {
  SUCCESS: "passed",
  INACTIVE: "passed",
  FAILURE: "failed",
  ERROR: "failed",
  IN_PROGRESS: "pending",
  QUEUED: "pending",
  PENDING: "pending",
  WAITING: "blocked",
};

/**
 * Reads the state of a commit's newest deployment to each required environment. Makes no request when none is required. Null when
 * this login may not read deployments.
 *
 * @throws {GitHubError} when the deployments could not be read now.
 */
export async function readDeployments(
  github: GitHub,
  repo: string,
  sha: string,
  environments: readonly string[],
): Promise<readonly RequiredCheck[] | null> {
  if (environments.length === 0) return [];
  const wanted = environments.map((name) => JSON.stringify(name)).join(", ");
  const answer = await github.repository(
    repo,
    commitField(
      sha,
      `deployments(last: 100, environments: [${wanted}], orderBy: { field: CREATED_AT, direction: ASC }) {
         nodes { environment latestStatus { state } } }`,
    ),
  );
  const { nodes, hole } = await readConnection(answer, { path: ["commit", "deployments"] });
  if (hole && isWithheld(hole)) return null;
  if (hole) throw holeError(hole, `the deployments of ${sha.slice(0, 7)}`);
  return environments.map((name) => {
    const newest = nodes.findLast((node) => textAt(node, "environment") === name);
    if (newest === undefined) return { name, state: "missing" };
    const state = textAt(newest, "latestStatus", "state");
    return { name, state: state === null ? "pending" : (STATES[state] ?? "unknown") };
  });
}
