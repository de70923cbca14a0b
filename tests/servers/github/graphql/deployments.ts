import { iso } from "../clock.ts";
import type { Deployment, Repo } from "../repo.ts";
import { viewCommit } from "./commit.ts";
import { connection, type Page } from "./connection.ts";
import { viewRepo } from "./repository.ts";

/** Statuses of a deployment that can be seen now, newest first: `[instant, state]`. */
export function statusesOf(deployment: Deployment, repo: Repo): [number, string][] {
  const now = repo.world.now();
  return deployment.plan.states
    .map(([second, state]): [number, string] => [deployment.createdAt + second * 1000, state])
    .filter(([at]) => at <= now)
    .reverse();
}

const stateOfDeployment: Record<string, string> = { SUCCESS: "ACTIVE" };

/** A deployment. */
export function viewDeployment(deployment: Deployment, repo: Repo): object {
  const { plan } = deployment;
  const statuses = statusesOf(deployment, repo);
  const latest = statuses[0];
  const environment = plan.environment;
  return {
    __typename: "Deployment",
    id: `DE_${deployment.id}`,
    databaseId: deployment.id,
    commitOid: deployment.sha,
    commit: () => viewCommit(repo.commits.get(deployment.sha)!),
    createdAt: iso(deployment.createdAt),
    updatedAt: iso(latest?.[0] ?? deployment.createdAt),
    creator: { __typename: "Bot", login: plan.creator ?? "github-actions" },
    description: plan.description ?? null,
    environment,
    latestEnvironment: environment,
    originalEnvironment: environment,
    payload: plan.payload ? JSON.stringify(plan.payload) : null,
    task: plan.task ?? "deploy",
    state: latest ? (stateOfDeployment[latest[1]] ?? latest[1]) : "PENDING",
    repository: () => viewRepo(repo),
    latestStatus: latest ? viewStatus(deployment, latest) : null,
    statuses: (page: Page) => connection(statuses, page, (status) => viewStatus(deployment, status)),
  };
}

function viewStatus(deployment: Deployment, [at, state]: [number, string]) {
  const { plan } = deployment;
  return {
    id: `DES_${deployment.id}_${at}`,
    state,
    createdAt: iso(at),
    updatedAt: iso(at),
    creator: { __typename: "Bot", login: plan.creator ?? "github-actions" },
    description: plan.description ?? null,
    environment: plan.environment,
    environmentUrl: plan.environmentUrl ?? null,
    logUrl: plan.logUrl ?? null,
  };
}
