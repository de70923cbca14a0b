import type { Difference } from "./check.ts";

/** What a difference most likely comes from, first match first: by what was mixed in and what each side said. */
const CAUSES: [name: string, test: (difference: Difference, has: (...names: string[]) => boolean) => boolean][] = [
  ["another pull request of that branch name", (_, has) => has("strangers", "fromFork", "onlyStrangers")],
  [
    "a pull request that GitHub does not show yet",
    ({ oracle, p9 }, has) => has("justCreated") && oracle === "running" && p9 !== "failed",
  ],
  ["a hole in an answer", ({ oracle, why }) => oracle === "unreadable" || why.startsWith("not all could be read")],
  ["a token without a right", ({ p9 }, has) => has("tokenRefused") && p9 === "external"],
  ["thrown out of the merge queue", ({ oracle }) => oracle === "ejected"],
  [
    "required workflows, code scanning, deployments",
    ({ why }, has) =>
      has("workflowRule", "codeScanning", "deploymentRule") &&
      /^(workflow|results|deployment|job|[\w-]+ (is|goes))|a rule is unmet|no run was started/.test(why),
  ],
  ["names and apps of what is required", (_, has) => has("spelling", "pinnedElsewhere", "checkAndStatus")],
  ["never started", ({ oracle }) => oracle === "not_started"],
  [
    "what somebody or something is waited for",
    ({ p9 }, has) => p9 === "blocked" || p9 === "no_runner" || (has("longPending") && p9 !== "succeeded"),
  ],
  [
    "what replaces what",
    (_, has) =>
      has("secondRun", "secondRunAgain", "group", "groupAgain", "personCancels", "pushTwin", "rerun", "sameName"),
  ],
  ["opinions of those who may not push", ({ why }) => why.includes("Changes are requested")],
  ["the clock", (_, has) => has("skew")],
  ["a push", (_, has) => has("told", "newHead", "checksLag")],
];

/** The name of the cause, or what was mixed in. */
export function causeOf(difference: Difference): string {
  const has = (...names: string[]) => names.some((name) => difference.features.includes(name));
  const found = CAUSES.find(([, test]) => test(difference, has));
  return found?.[0] ?? `other (${difference.features.join(" ")})`;
}
