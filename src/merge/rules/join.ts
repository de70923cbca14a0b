import type { CheckState } from "../../github/checks.ts";
import { GitHubError } from "../../github/errors.ts";
import type { Check, OtherRules } from "../../github/pull-request.ts";
import type { Expected } from "../expected-checks.ts";
import type { RequiredCheck } from "../facts.ts";
import type { OtherStates } from "./others.ts";

/** Whether rules demand deployments or results of code scanning. */
export function demandsMore({ deployments, scanning }: OtherRules): boolean {
  return deployments.length > 0 || scanning.length > 0;
}

/** Lets only required checks decide, even if there are none: GitHub does so when a rule beside checks exists. */
export function onlyRequired(expected: Expected): Expected {
  if (expected.requiredKnown) return expected;
  return { ...expected, requiredKnown: true, deciding: [], optional: expected.deciding };
}

/** Adds required deployments and code scanning results to the checks that decide. */
export function withOthers(
  expected: Expected,
  { deployments, scanning }: OtherStates,
  checks: readonly Check[],
): Expected {
  const demands = [
    ...(deployments ?? []).map((one) => ({ ...one, name: `deployment to ${one.name}`, held: isHeld(one, checks) })),
    ...(scanning ?? []).map((one) => ({ ...one, name: `results of ${one.name}`, held: false })),
  ];
  const missing = demands.filter(({ state }) => state === "missing");
  return {
    ...expected,
    deciding: [...expected.deciding, ...demands.filter(({ state }) => state !== "missing").map(asCheck)],
    missing: [...expected.missing, ...missing.map(({ name }) => ({ name, appId: null }))],
  };
}

/** The error when this login may not read the state of such a rule; null when it may. */
export function othersWithheld({ deployments, scanning }: OtherStates): GitHubError | null {
  if (deployments !== null && scanning !== null) return null;
  return deployments === null
    ? withheldError("the deployments that the base demands", "Deployments: read")
    : withheldError("the results of code scanning that the base demands", "Code scanning alerts: read");
}

/** The error when this login may not read the runs of workflows that rules demand. */
export function workflowsWithheld(): GitHubError {
  return withheldError("the runs of the workflows that the base demands", "Actions: read");
}

function withheldError(what: string, right: string): GitHubError {
  return new GitHubError("forbidden", `GitHub does not let this token read ${what}`, {
    needs: `a token with the permission "${right}"`,
    lasting: true,
  });
}

/** Whether a deployment waits for a human: a job waits for a reviewer of its environment. */
function isHeld({ name, state }: RequiredCheck, checks: readonly Check[]): boolean {
  const asks = ({ cause }: Check) => cause?.is === "reviewer" && cause.environment === name;
  return state === "blocked" && checks.some((check) => check.state === "blocked" && asks(check));
}

function asCheck({ name, state, held }: RequiredCheck & { readonly held: boolean }): Check {
  const words: Readonly<Record<RequiredCheck["state"], CheckState>> = {
    passed: "succeeded",
    failed: "failed",
    cancelled: "cancelled",
    pending: "running",
    missing: "queued",
    blocked: held ? "blocked" : "running",
    unknown: "unknown",
  };
  return {
    kind: "rule",
    id: 0,
    name,
    app: null,
    appId: null,
    workflow: null,
    workflowId: null,
    event: null,
    suite: null,
    suiteEnded: null,
    suiteConclusion: null,
    run: null,
    runNumber: null,
    attempt: null,
    state: words[state],
    cause: null,
    raw: state.toUpperCase(),
    required: true,
    url: null,
    description: null,
    startedAt: null,
    endedAt: null,
  };
}
