import type { GitHub } from "../../github/client.ts";
import type { Check, OtherRules, PullRequest, ScanningTool } from "../../github/pull-request.ts";
import { REQUIRED_STATES, type RequiredCheck } from "../facts.ts";
import { saysMergeable } from "../merge-state.ts";
import { readDeployments } from "./deployments.ts";
import { readScanning } from "./scanning.ts";

/** States of required deployments and code scanning results on a head; null: this login may not read them. */
export interface OtherStates {
  readonly deployments: readonly RequiredCheck[] | null;
  readonly scanning: readonly RequiredCheck[] | null;
}

/** The fields of a pull request that these rules need. */
type Judged = Pick<PullRequest, "number" | "head" | "base" | "mergeable" | "mergeState">;

/**
 * Reads the states of required deployments and code scanning results. Makes no request when GitHub says that the head can be merged,
 * because all have passed then.
 *
 * @throws {GitHubError} when the states could not be read now.
 */
export async function readOtherRules(
  github: GitHub,
  repo: string,
  pull: Judged,
  { deployments, scanning }: OtherRules,
  checks: readonly Check[],
): Promise<OtherStates> {
  if (saysMergeable(pull)) {
    return { deployments: deployments.map(passed), scanning: scanning.map(({ tool }) => passed(tool)) };
  }
  return {
    deployments: await readDeployments(github, repo, pull.head, deployments),
    scanning: (await readScanning(github, repo, pull, scanning)) ?? scanningByCheck(scanning, checks),
  };
}

/** App of the check with which code scanning reports its results, named by the tool. */
const SCANNING_APP = "github-advanced-security";

/** Finds the states by these checks, for a login that may not read the results; null when a tool has no check. */
function scanningByCheck(tools: readonly ScanningTool[], checks: readonly Check[]): RequiredCheck[] | null {
  const found = tools.flatMap(({ tool }) => {
    const own = checks.find(({ app, name }) => app === SCANNING_APP && name === tool);
    return own ? [{ name: tool, state: REQUIRED_STATES[own.state] }] : [];
  });
  return found.length === tools.length ? found : null;
}

function passed(name: string): RequiredCheck {
  return { name, state: "passed" };
}
