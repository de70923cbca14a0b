import type { GitHub } from "../../github/client.ts";
import type { Check, OtherRules, PullRequest, ScanningTool } from "../../github/pull-request.ts";
import { REQUIRED_STATES, type RequiredCheck } from "../facts.ts";
import { saysMergeable } from "../merge-state.ts";
import { readDeployments } from "./deployments.ts";
import { readScanning } from "./scanning.ts";

/** How the rules beside checks and workflows stand on a head; null: this login may not read that. */
export interface OtherStates {
  readonly deployments: readonly RequiredCheck[] | null;
  readonly scanning: readonly RequiredCheck[] | null;
}

/** A pull request as far as these rules look at it. */
type Judged = Pick<PullRequest, "number" | "head" | "base" | "mergeable" | "mergeState">;

/**
 * Reads how the deployments and the results of code scanning stand that rules demand. Nothing is asked where GitHub says that the head can be
 * merged: then they are met.
 *
 * @throws {GitHubError} when they could not be read now.
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

/** Code scanning reports its results of a pull request as a check of this app, named by the tool. */
const SCANNING_APP = "github-advanced-security";

/** What that check says, for a login that may not read the results; null where a tool has none. */
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
