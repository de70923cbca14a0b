import { type FieldProblem, problemAt } from "./answer/problem.ts";
import type { BranchRules, OtherRules, RequiredCheck, ScanningTool } from "./pull-request.ts";
import { at, isTrueAt, listAt, numberAt, textAt } from "./read.ts";

/** GraphQL fields of the rules of a pull request's base. */
export const RULES = `baseRef {
  refUpdateRule { requiredStatusCheckContexts requiresConversationResolution requiresCodeOwnerReviews requiresSignatures }
  branchProtectionRule { requiredStatusCheckContexts requiredStatusChecks { context app { databaseId } } requiredDeploymentEnvironments }
  rules(first: 100) { totalCount nodes { type parameters {
    ... on RequiredStatusChecksParameters { requiredStatusChecks { context integrationId } }
    ... on WorkflowsParameters { workflows { path } }
    ... on RequiredDeploymentsParameters { requiredDeploymentEnvironments }
    ... on CodeScanningParameters { codeScanningTools { tool alertsThreshold securityAlertsThreshold } }
    ... on PullRequestParameters { requireCodeOwnerReview requireLastPushApproval requiredReviewThreadResolution } } } } }`;

/** An empty {@link OtherRules}. */
export const NO_OTHER_RULES: OtherRules = { workflows: [], deployments: [], scanning: [], queue: false, more: [] };

/** Names of the fields of a ruleset in GraphQL or REST. */
interface Spelling {
  readonly checks: string;
  readonly app: string;
  readonly environments: string;
  readonly tools: string;
  readonly alerts: string;
  readonly security: string;
  readonly owners: string;
  readonly lastPush: string;
  readonly threads: string;
}

const GRAPHQL: Spelling = {
  checks: "requiredStatusChecks",
  app: "integrationId",
  environments: "requiredDeploymentEnvironments",
  tools: "codeScanningTools",
  alerts: "alertsThreshold",
  security: "securityAlertsThreshold",
  owners: "requireCodeOwnerReview",
  lastPush: "requireLastPushApproval",
  threads: "requiredReviewThreadResolution",
};

const REST: Spelling = {
  checks: "required_status_checks",
  app: "integration_id",
  environments: "required_deployment_environments",
  tools: "code_scanning_tools",
  alerts: "alerts_threshold",
  security: "security_alerts_threshold",
  owners: "require_code_owner_review",
  lastPush: "require_last_push_approval",
  threads: "required_review_thread_resolution",
};

const WORDS = {
  owners: "a code owner must approve it",
  lastPush: "somebody else must approve the last push",
  threads: "every conversation must be resolved",
  signatures: "its commits must be signed",
  linear: "its history must be linear",
  locked: "the branch is locked",
  update: "only some people may update the branch",
} as const;

/** Whether a code owner's review is demanded. */
export function demandsCodeOwner({ more }: Pick<OtherRules, "more">): boolean {
  return more.includes(WORDS.owners);
}

/** Rules whose type needs no parameters. */
const BY_TYPE: Readonly<Record<string, string>> = {
  REQUIRED_SIGNATURES: WORDS.signatures,
  REQUIRED_LINEAR_HISTORY: WORDS.linear,
  LOCK_BRANCH: WORDS.locked,
  UPDATE: WORDS.update,
};

/** Reads the rules of a branch's rulesets from REST. */
export function rulesOfRest(rules: readonly unknown[]): Pick<BranchRules, "required" | "others"> {
  return rulesOf(rules, REST);
}

function rulesOf(rules: readonly unknown[], names: Spelling): Pick<BranchRules, "required" | "others"> {
  const all = (name: string) => rules.flatMap((rule) => listAt(rule, "parameters", name));
  const texts = (items: readonly unknown[]) => items.filter((item) => typeof item === "string");
  const types = rules.map((rule) => (textAt(rule, "type") ?? "").toUpperCase());
  const flags = (["owners", "lastPush", "threads"] as const).filter((flag) =>
    rules.some((rule) => isTrueAt(rule, "parameters", names[flag])),
  );
  return {
    required: all(names.checks).map((item) => ({
      name: textAt(item, "context") ?? "",
      appId: appOf(item, names.app),
    })),
    others: {
      workflows: unique(all("workflows").flatMap((item) => textAt(item, "path") ?? [])),
      deployments: unique(texts(all(names.environments))),
      scanning: uniqueTools(
        all(names.tools).map((item) => ({
          tool: textAt(item, "tool") ?? "",
          alerts: textAt(item, names.alerts) ?? "all",
          security: textAt(item, names.security) ?? "all",
        })),
      ),
      queue: types.includes("MERGE_QUEUE"),
      more: unique([...flags.map((flag) => WORDS[flag]), ...types.flatMap((type) => BY_TYPE[type] ?? [])]),
    },
  };
}

/** Reads the app that a rule pins. GitHub writes 0 or -1 for "any source". */
function appOf(item: unknown, ...path: readonly string[]): number | null {
  const id = numberAt(item, ...path);
  return id !== null && id > 0 ? id : null;
}

/** Reads {@link RULES}. When the list of rules is incomplete, `rulesets` is false, so that REST is asked. */
export function readRules(base: unknown, problems: readonly FieldProblem[]): BranchRules {
  const place = ["pullRequest", "baseRef"];
  const nodes = listAt(base, "rules", "nodes");
  const rulesets =
    problemAt(problems, [...place, "rules"]) === null &&
    Array.isArray(at(base, "rules", "nodes")) &&
    nodes.every((node) => node !== null) &&
    (numberAt(base, "rules", "totalCount") ?? 0) <= nodes.length;
  const found = rulesOf(rulesets ? nodes : [], GRAPHQL);
  const classic = listAt(base, "branchProtectionRule", "requiredStatusChecks");
  const required: RequiredCheck[] = [
    ...found.required,
    ...classic.map((item) => ({ name: textAt(item, "context") ?? "", appId: appOf(item, "app", "databaseId") })),
  ];
  for (const field of ["branchProtectionRule", "refUpdateRule"]) {
    for (const name of listAt(base, field, "requiredStatusCheckContexts")) {
      if (typeof name === "string" && !required.some((item) => item.name === name))
        required.push({ name, appId: null });
    }
  }
  const hidden = ["branchProtectionRule", "refUpdateRule"].some((field) => problemAt(problems, [...place, field]));
  return {
    required: required.filter(({ name }) => name !== ""),
    rulesets,
    protection: !hidden && (at(base, "branchProtectionRule") !== null || at(base, "refUpdateRule") !== null),
    others: withClassic(found.others, base),
  };
}

function withClassic(others: OtherRules, base: unknown): OtherRules {
  const environments = listAt(base, "branchProtectionRule", "requiredDeploymentEnvironments");
  const more = [
    isTrueAt(base, "refUpdateRule", "requiresConversationResolution") ? WORDS.threads : [],
    isTrueAt(base, "refUpdateRule", "requiresCodeOwnerReviews") ? WORDS.owners : [],
    isTrueAt(base, "refUpdateRule", "requiresSignatures") ? WORDS.signatures : [],
  ].flat();
  return {
    ...others,
    deployments: unique([...others.deployments, ...environments.filter((item) => typeof item === "string")]),
    more: unique([...others.more, ...more]),
  };
}

/** Joins the rules of two sources. */
export function joinRules(one: OtherRules, two: OtherRules): OtherRules {
  return {
    workflows: unique([...one.workflows, ...two.workflows]),
    deployments: unique([...one.deployments, ...two.deployments]),
    scanning: uniqueTools([...one.scanning, ...two.scanning]),
    queue: one.queue || two.queue,
    more: unique([...one.more, ...two.more]),
  };
}

function uniqueTools(tools: readonly ScanningTool[]): ScanningTool[] {
  return [...new Map(tools.map((tool) => [JSON.stringify(tool), tool])).values()];
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}
