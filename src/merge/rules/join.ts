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

/** What decides where something beside checks is required too: of the checks those that are required, as GitHub has it. */
export function onlyRequired(expected: Expected): Expected {
  if (expected.requiredKnown) return expected;
  return { ...expected, requiredKnown: true, deciding: [], optional: expected.deciding };
}

/** Lets deployments and results of code scanning that rules demand decide beside the required checks. */
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

/** The error where this login may not read how such a rule stands, and GitHub does not say that the head can be merged. */
export function othersWithheld({ deployments, scanning }: OtherStates): GitHubError | null {
  if (deployments !== null && scanning !== null) return null;
  const [what, right] =
    deployments === null
      ? ["the deployments that the base demands", "Deployments: read"]
      : ["the results of code scanning that the base demands", "Code scanning alerts: read"];
  return new GitHubError("forbidden", `GitHub does not let this token read ${what}`, {
    needs: `a token with the permission "${right}"`,
    lasting: true,
  });
}

/** A deployment waits for a human where a job of its environment does. */
function isHeld({ name, state }: RequiredCheck, checks: readonly Check[]): boolean {
  const asks = ({ cause }: Check) => cause?.is === "reviewer" && cause.environment === name;
  return state === "blocked" && checks.some((check) => check.state === "blocked" && asks(check));
}

function asCheck({ name, state, held }: RequiredCheck & { readonly held: boolean }): Check {
  const words: Readonly<Record<RequiredCheck["state"], CheckState>> = {
    passed: "succeeded",
    failed: "failed",
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
