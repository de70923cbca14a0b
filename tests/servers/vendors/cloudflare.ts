import pages from "../../../plugins/wait-kinds/providers/deploys/cloudflare-pages.ts";
import builds from "../../../plugins/wait-kinds/providers/deploys/workers-builds.ts";
import { type DeployVendor, type Item, iso, newestFirst, type World } from "./world.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TOKEN = "cf-secret-token-of-cloudflare";
const envelope = (result: unknown) => ({
  success: true,
  errors: [],
  messages: [],
  result,
  result_info: { page: 1, per_page: 25 },
});
const refusal = {
  status: 403,
  body: { success: false, errors: [{ code: 10000, message: "Authentication error" }], messages: [], result: null },
};
const notFound = {
  status: 404,
  body: {
    success: false,
    errors: [{ code: 8000009, message: "The deployment ID you have specified does not exist" }],
    result: null,
  },
};
const allows = (headers: { authorization?: string }) => headers.authorization === `Bearer ${TOKEN}`;

/** One Pages deployment; a state is `stage:status`. */
function deployment({ id, sha, state, environment, at, extra }: Item) {
  const [name, status] = state.split(":");
  return {
    id,
    short_id: id.slice(0, 8),
    project_name: "web",
    environment: environment ?? "production",
    url: `https://${id.slice(0, 8)}.web.pages.dev`,
    created_on: iso(at),
    latest_stage: { name, status, started_on: iso(at + 1000), ended_on: status === "success" ? iso(at + 9000) : null },
    deployment_trigger: { type: "github:push", metadata: { branch: "main", commit_hash: sha, commit_message: "x" } },
    is_skipped: state === "queued:skipped",
    ...extra,
  };
}

/** Cloudflare Pages' API. */
export const pagesVendor: DeployVendor = {
  provider: pages,
  env: (url) => ({
    CLOUDFLARE_API_BASE_URL: url,
    CLOUDFLARE_API_TOKEN: TOKEN,
    CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    CLOUDFLARE_PAGES_PROJECT: "web",
  }),
  states: {
    waiting: ["queued:idle", "queued:active"],
    running: [
      "initialize:active",
      "clone_repo:success",
      "build:active",
      "build:success",
      "deploy:active",
      "deploy:idle",
    ],
    succeeded: ["deploy:success"],
    failed: ["build:failure", "clone_repo:failure", "deploy:failure"],
    cancelled: ["build:canceled", "queued:canceled"],
    skipped: ["queued:skipped"],
  },
  ids: [
    "11111111-1111-4111-8111-111111111111",
    "22222222-2222-4222-8222-222222222222",
    "33333333-3333-4333-8333-333333333333",
    "44444444-4444-4444-8444-444444444444",
  ],
  hasLog: true,
  server: (world: World) => ({
    allows,
    refusal,
    notFound,
    routes: [
      [
        "GET",
        new RegExp(`^/accounts/${ACCOUNT}/pages/projects/web/deployments$`),
        ({ query }) => ({
          body: envelope(
            newestFirst(world)
              .map(deployment)
              .filter((one) => [null, one.environment].includes(query.get("env"))),
          ),
        }),
      ],
      [
        "GET",
        /\/pages\/projects\/web\/deployments\/(?<id>[^/]+)$/,
        ({ groups }) => {
          const item = world.items.find(({ id }) => id === groups.id);
          return item && { body: envelope(deployment(item)) };
        },
      ],
      [
        "GET",
        /\/deployments\/[^/]+\/history\/logs$/,
        () => ({
          body: envelope({
            total: world.log.length,
            includes_container_logs: true,
            data: world.log.map((line) => ({ ts: iso(1), line })),
          }),
        }),
      ],
    ],
  }),
};

/** One Workers build; a state is its `build_outcome`, or `null:<status>` while it has none. */
function build({ id, sha, state, at }: Item) {
  const [outcome, status] = state.split(":");
  return {
    build_uuid: id,
    build_outcome: outcome === "null" ? null : outcome,
    status: status ?? "stopped",
    created_on: iso(at),
    running_on: iso(at + 1000),
    stopped_on: outcome === "null" ? null : iso(at + 9000),
    build_trigger_metadata: { commit_hash: sha, branch: "main" },
  };
}

/** Cloudflare Workers Builds' API. */
export const workersVendor: DeployVendor = {
  provider: builds,
  env: (url) => ({
    CLOUDFLARE_API_BASE_URL: url,
    CLOUDFLARE_API_TOKEN: TOKEN,
    CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    CLOUDFLARE_WORKER_TAG: "tag1",
  }),
  states: {
    waiting: ["null:queued"],
    running: ["null:initializing", "null:running"],
    succeeded: ["success"],
    failed: ["fail", "terminated"],
    cancelled: ["cancelled"],
    skipped: ["skipped"],
  },
  ids: pagesVendor.ids,
  hasLog: true,
  server: (world: World) => ({
    allows,
    refusal,
    notFound,
    routes: [
      ["GET", /\/builds\/workers\/tag1\/builds$/, () => ({ body: envelope(newestFirst(world).map(build)) })],
      [
        "GET",
        /\/builds\/builds\/(?<id>[^/]+)$/,
        ({ groups }) => {
          const item = world.items.find(({ id }) => id === groups.id);
          return item && { body: envelope(build(item)) };
        },
      ],
      [
        "GET",
        /\/builds\/builds\/[^/]+\/logs$/,
        () => ({
          body: envelope({ cursor: null, truncated: false, lines: world.log.map((text, index) => [index, text]) }),
        }),
      ],
    ],
  }),
};
