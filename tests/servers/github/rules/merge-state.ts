import { type Check, type Status, type Suite, statusAt } from "../checks.ts";
import { statusesOf } from "../graphql/deployments.ts";
import type { Pull } from "../pull.ts";
import { reviewDecision } from "./opinions.ts";
import { isRequired, meets, requiredOf, rulesOf } from "./required.ts";

const passing = new Set(["SUCCESS", "NEUTRAL", "SKIPPED"]);

/** mergeStateStatus as GitHub derives it, unless the test set it. */
export function mergeState(pull: Pull): string {
  if (pull.mergeState !== null) return pull.mergeState;
  if (pull.state !== "OPEN" || pull.mergeable === "UNKNOWN") return "UNKNOWN";
  if (pull.mergeable === "CONFLICTING") return "DIRTY";
  if (pull.draft) return "DRAFT";
  if (blocked(pull)) return "BLOCKED";
  if (behind(pull)) return "BEHIND";
  return results(pull).every((result) => result.passed) ? "CLEAN" : "UNSTABLE";
}

function blocked(pull: Pull): boolean {
  const rules = rulesOf(pull.repo, pull.base);
  const all = results(pull);
  const unmet = requiredOf(rules).some((demand) => {
    const mine = all.filter((result) => meets(demand, result.item));
    // A check and a status of that name are both required. Source: "Troubleshooting required status checks", first paragraph.
    return mine.length === 0 || mine.some((result) => !result.passed);
  });
  const marked = all.some((result) => result.required && !result.passed);
  const threads = rules.some((rule) => rule.conversationResolution) && pull.threads.some((thread) => !thread.resolved);
  const decision = reviewDecision(pull);
  const reviews = decision === "CHANGES_REQUESTED" || decision === "REVIEW_REQUIRED";
  return unmet || marked || threads || reviews || otherRulesUnmet(pull);
}

/**
 * Rules beyond status checks: required workflows, results of code scanning, deployments.
 * Source: "Available rules for rulesets", the sections "Require workflows to pass before merging", "Require code scanning results"
 * ("the required tool is still performing the analysis" and "a required tool is not configured" block too) and "Require deployments to
 * succeed before merging".
 */
function otherRulesUnmet(pull: Pull): boolean {
  const { repo, shownHead: head } = pull;
  const now = repo.world.now();
  const deployed = (environment: string) =>
    repo.deployments.some(
      (item) =>
        item.sha === head.sha && item.plan.environment === environment && statusesOf(item, repo)[0]?.[1] === "SUCCESS",
    );
  const passed = (path: string) => {
    const suite = head.suites.findLast((candidate) => candidate.path === path && candidate.visible(now));
    return suite !== undefined && passing.has(suite.at(now).conclusion ?? "");
  };
  return rulesOf(repo, pull.base).some(
    (rule) =>
      rule.workflows?.some((path) => !passed(path)) ||
      rule.codeScanning?.some((tool) => head.scans.get(tool) !== "clean") ||
      rule.requiredDeployments?.some((environment) => !deployed(environment)),
  );
}

/** "The head ref is out of date": only where the base demands that it is not. Source: "About protected branches", strict status checks. */
function behind(pull: Pull): boolean {
  const { repo, base } = pull;
  const strict = rulesOf(repo, base).some((rule) => rule.strict);
  return strict && !repo.isAncestor(repo.branchSha(base), pull.shownHead.sha);
}

interface Result {
  item: Check | Status;
  passed: boolean;
  required: boolean;
}

/**
 * What counts for mergeability: of checks of one name and app those of the newest suite, and the latest state of every status.
 * GitHub's page warns of names that several workflows share ("About protected branches": "ambiguous status check results"); that the newest
 * report decides was seen in public reports (cozystack/cozystack#3587, jetstack/jetstack-secure#837).
 */
function results(pull: Pull): Result[] {
  const now = pull.repo.world.now();
  const shown = pull.shownHead.shownChecks();
  const key = (check: Check) => `${check.suite.app} ${check.plan.name}`;
  const newest = new Map<string, Suite>();
  const order = (suite: Suite | undefined) => (suite ? suite.createdAt + suite.id / 1e6 : 0);
  for (const check of shown) {
    if (order(check.suite) > order(newest.get(key(check)))) newest.set(key(check), check.suite);
  }
  const checks = shown
    .filter((check) => check.suite === newest.get(key(check)))
    .map((check) => ({ item: check, passed: passing.has(check.at(now).conclusion ?? "") }));
  const statuses = pull.shownHead
    .shownStatuses()
    .map((status) => ({ item: status, passed: statusAt(status, now)?.state === "SUCCESS" }));
  return [...checks, ...statuses].map((result) => ({ ...result, required: isRequired(pull, result.item) }));
}
