import type { Check, Status } from "./checks.ts";
import { statusAt } from "./checks.ts";
import type { RulePlan } from "./plan.ts";
import type { Pull } from "./pull.ts";
import type { Repo } from "./repo.ts";

/** The rules of one branch, of one source or of all. */
export function rulesOf(repo: Repo, branch: string, source?: RulePlan["source"]): RulePlan[] {
  return repo.rules.filter(
    (rule) => (rule.branch ?? repo.defaultBranch) === branch && (!source || (rule.source ?? "ruleset") === source),
  );
}

/** What a rule requires, as `{context, app}`. */
export function requiredOf(rules: RulePlan[]): { context: string; app?: string }[] {
  return rules.flatMap((rule) => rule.required.map((item) => (typeof item === "string" ? { context: item } : item)));
}

/** Whether the pull request's base demands this check. */
export function isRequired(pull: Pull, item: Check | Status): boolean {
  if (item.plan.required !== undefined) return item.plan.required;
  const name = "context" in item.plan ? item.plan.context : item.plan.name;
  const app = "suite" in item ? item.suite.app : undefined;
  return requiredOf(rulesOf(pull.repo, pull.base)).some(
    (rule) => rule.context === name && (!rule.app || rule.app === app),
  );
}

const passing = new Set(["SUCCESS", "NEUTRAL", "SKIPPED"]);

/** mergeStateStatus as GitHub derives it, unless the test set it. */
export function mergeState(pull: Pull): string {
  if (pull.mergeState !== null) return pull.mergeState;
  if (pull.state !== "OPEN" || pull.mergeable === "UNKNOWN") return "UNKNOWN";
  if (pull.mergeable === "CONFLICTING") return "DIRTY";
  if (pull.draft) return "DRAFT";
  if (blocked(pull)) return "BLOCKED";
  return results(pull).every((result) => result.passed) ? "CLEAN" : "UNSTABLE";
}

/** The review decision as GitHub derives it, unless the test set it. */
export function reviewDecision(pull: Pull): string | null {
  if (pull.reviewDecision !== undefined) return pull.reviewDecision;
  const latest = latestOpinions(pull);
  if (latest.some((review) => review.state === "CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  const wanted = Math.max(0, ...rulesOf(pull.repo, pull.base).map((rule) => rule.approvals ?? 0));
  if (latest.filter((review) => review.state === "APPROVED").length >= Math.max(1, wanted)) return "APPROVED";
  return wanted > 0 ? "REVIEW_REQUIRED" : null;
}

/** Of each reviewer the latest review that approves, rejects or was dismissed. */
export function latestOpinions(pull: Pull) {
  const byAuthor = new Map<string, Pull["reviews"][number]>();
  for (const review of pull.reviews) {
    if (review.state !== "COMMENTED" && review.state !== "PENDING") byAuthor.set(review.author, review);
  }
  return [...byAuthor.values()];
}

function blocked(pull: Pull): boolean {
  const rules = rulesOf(pull.repo, pull.base);
  const all = results(pull);
  const unmet = requiredOf(rules).some((rule) => !all.some((result) => result.name === rule.context && result.passed));
  const marked = all.some((result) => result.required && !result.passed);
  const threads = rules.some((rule) => rule.conversationResolution) && pull.threads.some((thread) => !thread.resolved);
  const decision = reviewDecision(pull);
  return unmet || marked || threads || decision === "CHANGES_REQUESTED" || decision === "REVIEW_REQUIRED";
}

function results(pull: Pull): { name: string; passed: boolean; required: boolean }[] {
  const now = pull.repo.world.now();
  const checks = pull.shownHead.shownChecks().map((check) => ({
    name: check.plan.name,
    passed: passing.has(check.at(now).conclusion ?? ""),
    required: isRequired(pull, check),
  }));
  const statuses = pull.shownHead.shownStatuses().map((status) => ({
    name: status.plan.context,
    passed: statusAt(status, now)?.state === "SUCCESS",
    required: isRequired(pull, status),
  }));
  return [...checks, ...statuses];
}
