import type { Check, Status } from "../checks.ts";
import type { RulePlan } from "../plan.ts";
import type { Pull } from "../pull.ts";
import type { Repo } from "../repo.ts";

/** A check that a rule demands; with an app, from nobody else. */
export interface Demand {
  context: string;
  app?: string;
}

/** The rules of one branch, of one source or of all. */
export function rulesOf(repo: Repo, branch: string, source?: RulePlan["source"]): RulePlan[] {
  return repo.rules.filter(
    (rule) => (rule.branch ?? repo.defaultBranch) === branch && (!source || (rule.source ?? "ruleset") === source),
  );
}

/** What rules require, as `{context, app}`. */
export function requiredOf(rules: RulePlan[]): Demand[] {
  return rules.flatMap((rule) => rule.required.map((item) => (typeof item === "string" ? { context: item } : item)));
}

/**
 * Whether an item is the one that a rule demands.
 *
 * The context of a commit status is case-insensitive, the name of a check run is not. Source: docs.github.com/rest/commits/statuses,
 * "Create a commit status", `context`: "This field is case-insensitive".
 * A rule that names an app takes the report of nobody else. Source: "Troubleshooting required status checks", "Required status checks
 * from unexpected sources", and "Available rules for rulesets": "If the status is set by any other person or integration, merging
 * won't be allowed".
 */
export function meets(demand: Demand, item: Check | Status): boolean {
  const same =
    "suite" in item
      ? demand.context === item.plan.name
      : demand.context.toLowerCase() === item.plan.context.toLowerCase();
  return same && (!demand.app || demand.app === ("suite" in item ? item.suite.app : item.plan.app));
}

/** Whether the pull request's base demands this check. */
export function isRequired(pull: Pull, item: Check | Status): boolean {
  if (item.plan.required !== undefined) return item.plan.required;
  return requiredOf(rulesOf(pull.repo, pull.base)).some((demand) => meets(demand, item));
}
