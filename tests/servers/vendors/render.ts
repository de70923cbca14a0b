import render from "../../../plugins/wait-kinds/providers/deploys/render.ts";
import { type DeployVendor, type Item, iso, newestFirst, type World } from "./world.ts";

function deploy({ id, sha, state, at }: Item) {
  const ended = ["live", "build_failed", "update_failed", "canceled", "deactivated"].includes(state);
  return {
    id,
    commit: { id: sha, message: "x", createdAt: iso(at) },
    status: state,
    trigger: "new_commit",
    createdAt: iso(at),
    updatedAt: iso(at),
    finishedAt: ended ? iso(at + 60_000) : null,
  };
}

/** Render's API. */
export const renderVendor: DeployVendor = {
  provider: render,
  env: (url) => ({
    RENDER_API_URL: url,
    RENDER_API_KEY: "rnd_secret-of-render",
    RENDER_SERVICE_ID: "srv-1",
    RENDER_OWNER_ID: "tea-1",
  }),
  states: {
    waiting: ["created", "queued"],
    running: ["build_in_progress", "pre_deploy_in_progress", "update_in_progress"],
    succeeded: ["live"],
    failed: ["build_failed", "pre_deploy_failed", "update_failed"],
    cancelled: ["canceled"],
    superseded: ["deactivated"],
  },
  ids: ["dep-a1b2c3d4", "dep-b1b2c3d4", "dep-c1b2c3d4", "dep-d1b2c3d4"],
  hasLog: true,
  server: (world: World) => ({
    allows: ({ authorization }) => authorization === "Bearer rnd_secret-of-render",
    refusal: { status: 401, body: { id: "", message: "unauthorized" } },
    notFound: { status: 404, body: { id: "", message: "not found: deploy" } },
    routes: [
      [
        "GET",
        /^\/v1\/services\/srv-1\/deploys$/,
        () => ({ body: newestFirst(world).map((item) => ({ deploy: deploy(item), cursor: item.id })) }),
      ],
      [
        "GET",
        /^\/v1\/services\/srv-1\/deploys\/(?<id>[^/]+)$/,
        ({ groups }) => {
          const item = world.items.find(({ id }) => id === groups.id);
          return item && { body: deploy(item) };
        },
      ],
      [
        "GET",
        /^\/v1\/logs$/,
        ({ query }) =>
          query.get("ownerId") === "tea-1"
            ? {
                body: {
                  hasMore: false,
                  logs: world.log.map((message, index) => ({ id: `${index}`, message, timestamp: iso(1), labels: [] })),
                },
              }
            : { status: 400, body: { message: "ownerId is required" } },
      ],
    ],
  }),
};
