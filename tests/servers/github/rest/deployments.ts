import { iso } from "../clock.ts";
import { statusesOf } from "../graphql/deployments.ts";
import type { Deployment, Repo } from "../repo.ts";
import { apiUrl, json, noAccess, notFound, paged, type Reply } from "./reply.ts";
import type { Asked, Route } from "./router.ts";

/** Deployments and their statuses. */
export const deploymentRoutes: Route[] = [
  ["GET", /^deployments$/, list],
  ["GET", /^deployments\/(\d+)$/, (asked) => one(asked, (item) => json(view(item, asked.repo)))],
  ["GET", /^deployments\/(\d+)\/statuses$/, (asked) => one(asked, (item) => statuses(asked, item))],
];

function list({ world, repo, url }: Asked): Reply {
  if (!world.permissions.deployments) return noAccess;
  const wanted = (name: string, value: string) => (url.searchParams.get(name) ?? value) === value;
  const found = repo.deployments
    .filter((item) => wanted("sha", item.sha) && wanted("ref", item.plan.ref ?? item.sha))
    .filter((item) => wanted("environment", item.plan.environment) && wanted("task", item.plan.task ?? "deploy"))
    .reverse();
  return paged(found, url, (page) => page.map((item) => view(item, repo)));
}

function one({ world, repo, parts }: Asked, run: (item: Deployment) => Reply): Reply {
  if (!world.permissions.deployments) return noAccess;
  const found = repo.deployments.find((item) => String(item.id) === parts[0]);
  return found ? run(found) : notFound;
}

function view({ id, sha, createdAt, plan }: Deployment, repo: Repo) {
  return {
    id,
    sha,
    ref: plan.ref ?? sha,
    task: plan.task ?? "deploy",
    environment: plan.environment,
    original_environment: plan.environment,
    description: plan.description ?? null,
    payload: plan.payload ?? {},
    creator: { login: plan.creator ?? "github-actions[bot]" },
    created_at: iso(createdAt),
    updated_at: iso(repo.world.now()),
    production_environment: plan.production ?? false,
    transient_environment: false,
    statuses_url: `${apiUrl(repo)}/deployments/${id}/statuses`,
  };
}

function statuses({ repo, url }: Asked, item: Deployment): Reply {
  return paged(statusesOf(item, repo), url, (page) =>
    page.map(([at, state]) => ({
      id: at,
      state: state.toLowerCase(),
      created_at: iso(at),
      updated_at: iso(at),
      environment: item.plan.environment,
      description: item.plan.description ?? "",
      environment_url: item.plan.environmentUrl ?? "",
      log_url: item.plan.logUrl ?? "",
      target_url: item.plan.logUrl ?? "",
      creator: { login: item.plan.creator ?? "github-actions[bot]" },
    })),
  );
}
