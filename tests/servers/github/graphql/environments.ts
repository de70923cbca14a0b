import type { EnvironmentPlan } from "../actions/plan.ts";
import type { Check } from "../checks.ts";
import { isoOrNull } from "../clock.ts";
import { workflowId } from "../ids.ts";
import type { Repo } from "../repo.ts";
import { connection, type Page } from "./connection.ts";

/**
 * A deployment that waits for its environment. A custom protection rule shows as neither timer nor reviewer.
 * Sources: GraphQL, `DeploymentRequest` (`waitTimer` in minutes, `reviewers`, `currentUserCanApprove`); docs.github.com, "Deployments and
 * environments"; a WAITING job with no reviewer: runs-on/runs-on#386, #429.
 */
export function viewRequest(environment: EnvironmentPlan, checks: Check[], repo: Repo): object {
  const { name, waitTimer = 0, reviewers = [] } = environment;
  const [first] = checks;
  const appeared = first?.epoch === null || !first ? null : first.epoch + (first.plan.appears ?? 0) * 1000;
  return {
    currentUserCanApprove: reviewers.includes(repo.world.viewer ?? ""),
    environment: { id: `EN_${name}`, databaseId: workflowId(name), name, protectionRules: rulesView(environment) },
    reviewers: (page: Page) =>
      connection(reviewers, page, (login) => ({ __typename: "User", id: `U_${login}`, login })),
    waitTimer,
    waitTimerStartedAt: waitTimer > 0 ? isoOrNull(appeared) : null,
  };
}

function rulesView({ waitTimer = 0, reviewers = [] }: EnvironmentPlan) {
  const rules = [
    ...(waitTimer > 0 ? [{ type: "WAIT_TIMER", timeout: waitTimer }] : []),
    ...(reviewers.length > 0 ? [{ type: "REQUIRED_REVIEWERS", timeout: 0 }] : []),
  ];
  return (page: Page) => connection(rules, page, (rule) => rule);
}
