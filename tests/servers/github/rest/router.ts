import type { Repo } from "../repo.ts";
import type { World } from "../world.ts";
import { actionsRoutes } from "./actions.ts";
import { codeScanningRoutes } from "./code-scanning.ts";
import { commitRoutes } from "./commits.ts";
import { concurrencyRoutes } from "./concurrency.ts";
import { deploymentRoutes } from "./deployments.ts";
import { pullRoutes } from "./pulls.ts";
import { apiRoot, json, notFound, type Reply, text } from "./reply.ts";
import { ruleRoutes } from "./rules.ts";
import { waitingRoutes } from "./waiting.ts";

/** What a route is given: the repository, the captures of its pattern, the whole URL, the body. */
export interface Asked {
  world: World;
  repo: Repo;
  parts: (string | undefined)[];
  url: URL;
  body: Record<string, unknown>;
}

/** `METHOD`, pattern of the path after `/repos/{owner}/{name}`, handler. */
export type Route = [method: string, path: RegExp, handle: (asked: Asked) => Reply];

const routes: Route[] = [
  [
    "GET",
    /^$/,
    ({ repo }) =>
      json({
        full_name: repo.fullName,
        name: repo.name,
        default_branch: repo.defaultBranch,
        owner: { login: repo.owner },
        private: repo.readers !== null,
        archived: repo.archived,
        fork: repo.parent !== null,
        ...(repo.parent
          ? { parent: { full_name: repo.parent.fullName }, source: { full_name: repo.parent.fullName } }
          : {}),
      }),
  ],
  ...actionsRoutes,
  ...waitingRoutes,
  ...codeScanningRoutes,
  ...commitRoutes,
  ...concurrencyRoutes,
  ...deploymentRoutes,
  ...pullRoutes,
  ...ruleRoutes,
];

/** Answers one REST request. */
export function route(world: World, method: string, url: URL, body: Record<string, unknown>): Reply {
  if (url.pathname === "/" || url.pathname === "/user")
    return json({ login: world.viewer, current_user_url: `${apiRoot(world.name)}/user` });
  if (url.pathname === "/rate_limit")
    return json({ resources: { core: limits(world, "core"), graphql: limits(world, "graphql") } });
  const stored = url.pathname.match(/^\/stored-logs\/(.+)$/);
  if (stored) return text(logOf(world, Number(stored[1])));
  const [, owner = "", name = "", rest = ""] = url.pathname.match(/^\/repos\/([^/]+)\/([^/]+)\/?(.*)$/) ?? [];
  const repo = world.visible(`${owner}/${name}`);
  if (!repo) return notFound;
  for (const [verb, pattern, handle] of routes) {
    const match = verb === method ? rest.match(pattern) : null;
    if (match)
      return handle({
        world,
        repo,
        parts: match.slice(1).map((part?: string) => part && decodeURIComponent(part)),
        url,
        body,
      });
  }
  return notFound;
}

function limits(world: World, resource: "core" | "graphql") {
  const { resetAt, ...rest } = world.rate.read(resource);
  return { ...rest, reset: Math.floor(resetAt / 1000) };
}

function logOf(world: World, job: number): string {
  for (const repo of world.repos.values()) {
    for (const commit of repo.commits.values()) {
      const check = commit.suites.flatMap((suite) => suite.checks).find((candidate) => candidate.id === job);
      if (check) return check.plan.log ?? "";
    }
  }
  return "";
}
