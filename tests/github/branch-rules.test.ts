import { describe, expect, test } from "vitest";
import { joinRules, NO_OTHER_RULES, readRules, rulesOfRest } from "../../src/github/branch-rules.ts";

const tools = [{ tool: "CodeQL", alerts_threshold: "errors", security_alerts_threshold: "high_or_higher" }];
const REST = [
  {
    type: "required_status_checks",
    parameters: { required_status_checks: [{ context: "build", integration_id: 15368 }] },
  },
  { type: "workflows", parameters: { workflows: [{ path: ".github/workflows/scan.yml", repository_id: 1 }] } },
  { type: "required_deployments", parameters: { required_deployment_environments: ["staging"] } },
  { type: "code_scanning", parameters: { code_scanning_tools: tools } },
  { type: "merge_queue", parameters: {} },
  { type: "required_signatures" },
  { type: "pull_request", parameters: { require_code_owner_review: true, require_last_push_approval: true } },
];

const all = {
  required: [{ name: "build", appId: 15368 }],
  others: {
    workflows: [".github/workflows/scan.yml"],
    deployments: ["staging"],
    scanning: [{ tool: "CodeQL", alerts: "errors", security: "high_or_higher" }],
    queue: true,
    more: ["a code owner must approve it", "somebody else must approve the last push", "its commits must be signed"],
  },
};

test("every type of rule is read from REST", () => {
  expect(rulesOfRest(REST)).toEqual(all);
});

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  const name = (key: string) => key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [name(key), camel(inside)]));
}

describe("the same in GraphQL", () => {
  const nodes = REST.map((rule) => ({ parameters: camel(rule.parameters), type: rule.type.toUpperCase() }));

  test("every type of rule is read", () => {
    expect(readRules({ rules: { totalCount: 7, nodes } }, [])).toMatchObject({ ...all, rulesets: true });
  });

  const inside = ["pullRequest", "baseRef", "rules", "nodes", 2, "parameters"];
  test.each([
    ["a node is null", { rules: { totalCount: 8, nodes: [...nodes, null] } }, []],
    ["it counts more", { rules: { totalCount: 8, nodes } }, []],
    ["the list is null", { rules: null }, []],
    ["GitHub says something about it", { rules: { nodes } }, [{ type: "X", message: "no", path: inside }]],
  ])("a list with a hole is no list: %s", (_, base, problems) => {
    expect(readRules(base, problems).rulesets).toBe(false);
  });
});

test.each([-1, 0, null])("an app of %s is any source", (id) => {
  const item = { context: "build", integration_id: id };
  const rules = [{ type: "required_status_checks", parameters: { required_status_checks: [item] } }];
  expect(rulesOfRest(rules).required).toEqual([{ name: "build", appId: null }]);
});

test("rules of two sources add up, and the same one counts once", () => {
  const { others } = all;
  const more = { ...NO_OTHER_RULES, deployments: ["staging", "production"], scanning: others.scanning };
  expect(joinRules(others, more)).toEqual({ ...others, deployments: ["staging", "production"] });
});
