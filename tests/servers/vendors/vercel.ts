import vercel from "../../../plugins/wait-kinds/providers/deploys/vercel.ts";
import { BORN, type DeployVendor, type Item, newestFirst, type World } from "./world.ts";

/** What `GET /v13/deployments/{id}` answers. */
function deployment({ id, state, environment, at, extra }: Item) {
  const ready = state === "READY";
  return {
    id,
    url: `web-${id.slice(4, 12).toLowerCase()}.vercel.app`,
    name: "web",
    projectId: "prj_web",
    readyState: state,
    target: environment === "preview" ? null : (environment ?? "production"),
    createdAt: at,
    buildingAt: at + 2_000,
    ...(ready ? { ready: at + 60_000 } : {}),
    aliasAssigned: ready ? at + 61_000 : null,
    aliasError: null,
    ...(state === "ERROR" ? { errorCode: "BUILD_FAILED", errorMessage: 'Command "npm run build" exited with 1' } : {}),
    ...extra,
  };
}

/** An entry of `GET /v6/deployments`. */
function listed(item: Item) {
  const { id, ...rest } = deployment(item);
  return {
    uid: id,
    ...rest,
    state: item.state,
    created: item.at,
    meta: { githubCommitSha: item.sha, githubCommitRef: "main" },
  };
}

/** Vercel's API: list, one, events; and what the real CLI asks besides (user, team, project, builds). */
export const vercelVendor: DeployVendor = {
  provider: vercel,
  env: (url) => ({
    VERCEL_API_URL: url,
    VERCEL_TOKEN: "vcp_secret_of_vercel",
    VERCEL_PROJECT_ID: "prj_web",
    VERCEL_ORG_ID: "team_acme",
  }),
  states: {
    waiting: ["QUEUED"],
    running: ["INITIALIZING", "BUILDING"],
    succeeded: ["READY"],
    failed: ["ERROR"],
    cancelled: ["CANCELED", "DELETED"],
    blocked: ["BLOCKED"],
  },
  ids: ["dpl_Aa1bB2cC3dD4eE5fF6gG", "dpl_Bb1bB2cC3dD4eE5fF6gG", "dpl_Cc1bB2cC3dD4eE5fF6gG", "dpl_Dd1bB2cC3dD4eE5fF6gG"],
  hasLog: true,
  server: (world: World) => ({
    allows: ({ authorization }) => authorization === "Bearer vcp_secret_of_vercel",
    refusal: { status: 403, body: { error: { code: "forbidden", message: "Not authorized", invalidToken: true } } },
    notFound: { status: 404, body: { error: { code: "not_found", message: "The deployment was not found" } } },
    routes: [
      [
        "GET",
        /^\/v[67]\/deployments$/,
        ({ query }) => ({
          body: {
            deployments: newestFirst(world)
              .filter(({ sha }) => [null, sha].includes(query.get("meta-githubCommitSha")))
              .map(listed),
            pagination: { count: world.items.length, next: null, prev: null },
          },
        }),
      ],
      [
        "GET",
        /^\/v1[0-9]\/deployments\/(?<id>[^/]+)$/,
        ({ groups }) => {
          const item = world.items.find((one) => one.id === groups.id || deployment(one).url === groups.id);
          return item && { body: deployment(item) };
        },
      ],
      [
        "GET",
        /^\/v[23](?:\/now)?\/deployments\/(?<id>[^/]+)\/events$/,
        () => ({
          headers: { "content-type": "application/stream+json" },
          body: world.log
            .map(
              (text, index) =>
                `${JSON.stringify({ type: "stderr", text, date: BORN + index, created: BORN + index })}\n`,
            )
            .join(""),
        }),
      ],
      ["GET", /^\/v1[0-9]\/deployments\/[^/]+\/builds$/, () => ({ body: { builds: [] } })],
      [
        "GET",
        /^\/v2\/user$/,
        () => ({ body: { user: { id: "usr_1", email: "a@b.test", username: "a", version: "northstar" } } }),
      ],
      ["GET", /^\/(?:v2\/)?teams\/team_acme$/, () => ({ body: { id: "team_acme", slug: "acme", name: "Acme" } })],
      [
        "GET",
        /^\/v[0-9]\/projects\/[^/]+$/,
        () => ({ body: { id: "prj_web", name: "web", accountId: "team_acme", link: null } }),
      ],
    ],
  }),
};
