import { appId } from "../ids.ts";
import { requiredOf, rulesOf } from "../rules.ts";
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
  const rules = rulesOf(repo, parts[0] ?? "", "ruleset").map((rule) => ({
    type: "required_status_checks",
    ruleset_id: 1,
    ruleset_source: repo.fullName,
    ruleset_source_type: "Repository",
    parameters: {
      strict_required_status_checks_policy: rule.strict ?? false,
      required_status_checks: requiredOf([rule]).map(({ context, app }) => ({
        context,
        ...(app ? { integration_id: appId(app) } : {}),
      })),
    },
  }));
  return paged(rules, url, (page) => page);
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
