import { appId } from "../ids.ts";
import type { RulePlan } from "../plan.ts";
import type { Repo } from "../repo.ts";
import { requiredOf, rulesOf } from "../rules/required.ts";
import { viewCommit } from "./commit.ts";
import { connection, type Page } from "./connection.ts";
import { forbidden } from "./errors.ts";
import { viewRepo } from "./repository.ts";

/** A branch. */
export function viewRef(repo: Repo, name: string): object {
  const { permissions } = repo.world;
  return {
    __typename: "Ref",
    id: `REF_${repo.fullName}_${name}`,
    name,
    prefix: "refs/heads/",
    repository: () => viewRepo(repo),
    target: () => viewCommit(repo.commits.get(repo.branchSha(name))!),
    refUpdateRule: () => (permissions.protection ? viewProtection(rulesOf(repo, name, "protection"), name) : null),
    branchProtectionRule: () =>
      permissions.protection ? viewProtection(rulesOf(repo, name, "protection"), name) : null,
    rules: (page: Page) => {
      if (!permissions.rulesets) throw forbidden();
      return connection(
        rulesOf(repo, name, "ruleset").flatMap((rule) => viewRules(rule)),
        page,
        (item) => item,
      );
    },
    compare: ({ headRef }: { headRef: string }) => viewComparison(repo, repo.branchSha(name), headRef),
  };
}

function viewProtection(rules: RulePlan[], pattern: string) {
  if (rules.length === 0) return null;
  const required = requiredOf(rules);
  const approvals = Math.max(0, ...rules.map((rule) => rule.approvals ?? 0));
  const conversations = rules.some((rule) => rule.conversationResolution);
  return {
    id: `BPR_${pattern}`,
    pattern,
    allowsDeletions: false,
    allowsForcePushes: false,
    blocksCreations: false,
    isAdminEnforced: false,
    requiredApprovingReviewCount: approvals,
    requiresApprovingReviews: approvals > 0,
    requiresConversationResolution: conversations,
    requiresCodeOwnerReviews: rules.some((rule) => rule.codeOwners),
    requiresLinearHistory: false,
    requiresSignatures: false,
    viewerAllowedToDismissReviews: false,
    viewerCanPush: true,
    requiresStatusChecks: required.length > 0,
    requiresStrictStatusChecks: rules.some((rule) => rule.strict),
    requiredStatusCheckContexts: required.map((item) => item.context),
    requiredStatusChecks: required.map((item) => ({
      context: item.context,
      app: item.app ? { id: `A_${item.app}`, slug: item.app, name: item.app, databaseId: appId(item.app) } : null,
    })),
  };
}

function viewRules(rule: RulePlan): object[] {
  const found: object[] = [];
  const add = (type: string, parameters: object | null) => {
    found.push({ __typename: "RepositoryRule", id: `RR_${type}`, type, parameters });
  };
  if (rule.required.length > 0) add("REQUIRED_STATUS_CHECKS", requiredChecks(rule));
  if (rule.workflows) {
    const workflows = rule.workflows.map((path) => ({ path, ref: null, repositoryId: 1, sha: null }));
    add("WORKFLOWS", { __typename: "WorkflowsParameters", doNotEnforceOnCreate: false, workflows });
  }
  if (rule.approvals || rule.conversationResolution || rule.codeOwners) add("PULL_REQUEST", pullRequestRule(rule));
  if (rule.codeScanning) add("CODE_SCANNING", codeScanning(rule.codeScanning));
  if (rule.requiredDeployments) {
    const requiredDeploymentEnvironments = rule.requiredDeployments;
    add("REQUIRED_DEPLOYMENTS", { __typename: "RequiredDeploymentsParameters", requiredDeploymentEnvironments });
  }
  if (rule.mergeQueue) add("MERGE_QUEUE", mergeQueue);
  return found;
}

function requiredChecks(rule: RulePlan) {
  return {
    __typename: "RequiredStatusChecksParameters",
    doNotEnforceOnCreate: false,
    strictRequiredStatusChecksPolicy: rule.strict ?? false,
    requiredStatusChecks: requiredOf([rule]).map((item) => ({
      context: item.context,
      integrationId: item.app ? appId(item.app) : null,
    })),
  };
}

/** Source: GraphQL, `CodeScanningParameters`; "Available rules for rulesets", "Require code scanning results". */
function codeScanning(tools: string[]) {
  const codeScanningTools = tools.map((tool) => ({
    tool,
    alertsThreshold: "errors",
    securityAlertsThreshold: "high_or_higher",
  }));
  return { __typename: "CodeScanningParameters", codeScanningTools };
}

/** GitHub's defaults. Source: "Available rules for rulesets", "Require merge queue". */
const mergeQueue = {
  __typename: "MergeQueueParameters",
  checkResponseTimeoutMinutes: 60,
  groupingStrategy: "ALLGREEN",
  maxEntriesToBuild: 5,
  maxEntriesToMerge: 5,
  mergeMethod: "MERGE",
  minEntriesToMerge: 1,
  minEntriesToMergeWaitMinutes: 5,
};

function pullRequestRule(rule: RulePlan) {
  return {
    __typename: "PullRequestParameters",
    dismissStaleReviewsOnPush: false,
    requireCodeOwnerReview: rule.codeOwners ?? false,
    requireLastPushApproval: false,
    requiredApprovingReviewCount: rule.approvals ?? 0,
    requiredReviewThreadResolution: rule.conversationResolution ?? false,
  };
}

function viewComparison(repo: Repo, base: string, headRef: string) {
  const head = repo.branches.get(headRef) ?? headRef;
  const ahead = repo.isAncestor(base, head);
  const behind = repo.isAncestor(head, base);
  const status = base === head ? "IDENTICAL" : ahead ? "AHEAD" : behind ? "BEHIND" : "DIVERGED";
  return { id: `CMP_${base}_${head}`, status, aheadBy: ahead ? 1 : 0, behindBy: behind ? 1 : 0 };
}
