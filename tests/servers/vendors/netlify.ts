import netlify from "../../../plugins/wait-kinds/providers/deploys/netlify.ts";
import { type DeployVendor, type Item, iso, newestFirst, type World } from "./world.ts";

/** One deploy of `GET /api/v1/deploys/{id}`; states with a `+` stand for a message that comes with `error`. */
function deploy({ id, sha, state, environment, at, extra }: Item) {
  const [word, message] = state.split("+");
  return {
    id,
    site_id: "site-1",
    state: word,
    commit_ref: sha,
    branch: "main",
    context: environment ?? "production",
    created_at: iso(at),
    published_at: word === "ready" ? iso(at + 50_000) : null,
    locked: null,
    skipped: message === "Skipped" ? true : null,
    error_message: message ?? (word === "error" ? "Build script returned non-zero exit code: 2" : null),
    deploy_ssl_url: `https://${id}--web.netlify.app`,
    admin_url: "https://app.netlify.com/projects/web",
    ...extra,
  };
}

/** Netlify's API. */
export const netlifyVendor: DeployVendor = {
  provider: netlify,
  env: (url) => ({ NETLIFY_API_URL: url, NETLIFY_AUTH_TOKEN: "nfp_secret-of-netlify", NETLIFY_SITE_ID: "site-1" }),
  states: {
    waiting: ["new", "enqueued"],
    running: ["building", "uploading", "uploaded", "preparing", "prepared", "processing", "retrying"],
    succeeded: ["ready"],
    failed: ["error", "rejected"],
    cancelled: ["error+Canceled build"],
    blocked: ["pending_review"],
    skipped: ["error+Skipped"],
  },
  ids: ["6561aa01c0ffee0000000001", "6561aa01c0ffee0000000002", "6561aa01c0ffee0000000003", "6561aa01c0ffee0000000004"],
  hasLog: false,
  server: (world: World) => ({
    allows: ({ authorization }) => authorization === "Bearer nfp_secret-of-netlify",
    refusal: { status: 401, body: { code: 401, message: "Access Denied" } },
    notFound: { status: 404, body: { code: 404, message: "Not Found" } },
    routes: [
      ["GET", /^\/api\/v1\/sites\/site-1\/deploys$/, () => ({ body: newestFirst(world).map(deploy) })],
      [
        "GET",
        /^\/api\/v1\/deploys\/(?<id>[^/]+)$/,
        ({ groups }) => {
          const item = world.items.find(({ id }) => id === groups.id);
          return item && { body: deploy(item) };
        },
      ],
    ],
  }),
};
