import { appId } from "../ids.ts";
import type { RulePlan } from "../plan.ts";
import { requiredOf, rulesOf } from "../rules/required.ts";
import { json, noAccess, notFound, paged, type Reply } from "./reply.ts";
import type { Asked, Route } from "./router.ts";

/** Rulesets as they apply to a branch, classic protection, and the workflow files. */
export const ruleRoutes: Route[] = [
  ["GET", /^rules\/branches\/(.+)$/, branchRules],
  ["GET", /^branches\/([^/]+)\/protection$/, protection],
  ["GET", /^branches\/([^/]+)$/, branch],
  ["GET", /^contents\/\.github\/workflows$/, workflowFiles],
];

function branchRules({ world, repo, parts, url }: Asked): Reply {
  if (!world.permissions.rulesets) return noAccess;
  const source = { ruleset_id: 1, ruleset_source: repo.fullName, ruleset_source_type: "Repository" };
  const rules = rulesOf(repo, parts[0] ?? "", "ruleset").flatMap((rule) =>
    viewRules(rule).map(([type, parameters]) => ({ type, ...source, ...(parameters ? { parameters } : {}) })),
  );
  return paged(rules, url, (page) => page);
}

/** Every rule by itself. Source: docs.github.com/rest/repos/rules, "Get rules for a branch". */
function viewRules(rule: RulePlan): [type: string, parameters: object | null][] {
  const found: [string, object | null][] = [];
  const demands = requiredOf([rule]);
  if (demands.length > 0) {
    const checks = demands.map(({ context, app }) => ({ context, ...(app ? { integration_id: appId(app) } : {}) }));
    const strict_required_status_checks_policy = rule.strict ?? false;
    found.push(["required_status_checks", { strict_required_status_checks_policy, required_status_checks: checks }]);
  }
  if (rule.workflows) {
    found.push(["workflows", { workflows: rule.workflows.map((path) => ({ path, repository_id: 1 })) }]);
  }
  if (rule.codeScanning) {
    const more = { alerts_threshold: "errors", security_alerts_threshold: "high_or_higher" };
    found.push(["code_scanning", { code_scanning_tools: rule.codeScanning.map((tool) => ({ tool, ...more })) }]);
  }
  if (rule.requiredDeployments) {
    found.push(["required_deployments", { required_deployment_environments: rule.requiredDeployments }]);
  }
  if (rule.approvals || rule.conversationResolution || rule.codeOwners) {
    const required_review_thread_resolution = rule.conversationResolution ?? false;
    const require_code_owner_review = rule.codeOwners ?? false;
    found.push([
      "pull_request",
      {
        required_approving_review_count: rule.approvals ?? 0,
        require_code_owner_review,
        required_review_thread_resolution,
      },
    ]);
  }
  if (rule.mergeQueue) found.push(["merge_queue", null]);
  return found;
}

function protection({ world, repo, parts }: Asked): Reply {
  if (!world.permissions.protection) return noAccess;
  const rules = rulesOf(repo, parts[0] ?? "", "protection");
  if (rules.length === 0) return json({ message: "Branch not protected" }, 404);
  const required = requiredOf(rules);
  return json({
    required_status_checks: {
      strict: rules.some((rule) => rule.strict),
      contexts: required.map((item) => item.context),
      checks: required.map((item) => ({ context: item.context, app_id: item.app ? appId(item.app) : null })),
    },
  });
}

function branch({ world, repo, parts }: Asked): Reply {
  if (!world.permissions.branches) return noAccess;
  const name = parts[0] ?? "";
  const pull = [...repo.pulls.values()].find((candidate) => candidate.branch === name);
  const sha = repo.branches.get(name) ?? pull?.head.sha;
  if (!sha) return notFound;
  const classic = requiredOf(rulesOf(repo, name, "protection")).map((rule) => rule.context);
  const checks = { enforcement_level: classic.length > 0 ? "non_admins" : "off", contexts: classic };
  const summary = { enabled: rulesOf(repo, name, "protection").length > 0, required_status_checks: checks };
  return json({ name, commit: { sha }, protected: rulesOf(repo, name).length > 0, protection: summary });
}

function workflowFiles({ repo }: Asked): Reply {
  if (repo.workflows.length === 0) return notFound;
  return json(repo.workflows.map(({ path }) => ({ type: "file", name: path.split("/").at(-1), path })));
}
