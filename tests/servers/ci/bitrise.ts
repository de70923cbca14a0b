import bitrise from "../../../plugins/log-providers/bitrise.ts";
import type { CiVendor } from "./vendor.ts";

const SLUG = "294e02f8-554c-44f8-84a5-59867a66df83";

/**
 * Bitrise: docs.bitrise.io, "Managing an app's builds" (examples of builds, with `status_text`), "Get the build log of a build"
 * (`expiring_raw_log_url`, `log_chunks`).
 */
export const bitriseVendor: CiVendor = {
  provider: bitrise,
  env: (url) => ({ BITRISE_API_URL: url, BITRISE_TOKEN: "secret-of-bitrise" }),
  allows: ({ authorization }) => authorization === "secret-of-bitrise",
  pages: () => [
    `https://app.bitrise.io/build/${SLUG}`,
    `https://app.bitrise.io/build/${SLUG}#?tab=log`,
    `https://app.bitrise.io/app/37d1538c-d2d6-4b20-a2cc-78862be22342/build/${SLUG}`,
  ],
  states: {
    failed: ["error"],
    waiting: ["on-hold"],
    running: ["in-progress"],
    succeeded: ["success"],
    cancelled: ["aborted"],
  },
  failed: { job: "primary", step: null },
  isPublic: false,
  refusal: { status: 401, body: { message: "Unauthorized" } },
  notFound: { status: 404, body: { message: "Not Found" } },
  routes: (world) => [
    [
      "GET",
      /^\/v0\.1\/builds$/,
      ({ query }) =>
        query.get("next") === "b2"
          ? {
              body: {
                data: [{ slug: SLUG, repository: { slug: "37d1538c-d2d6-4b20-a2cc-78862be22342" } }],
                paging: { total_item_count: 51 },
              },
            }
          : {
              body: {
                data: [{ slug: "other", repository: { slug: "x" } }],
                paging: { total_item_count: 51, next: "b2" },
              },
            },
    ],
    [
      "GET",
      new RegExp(`^/v0\\.1/apps/37d1538c-d2d6-4b20-a2cc-78862be22342/builds/${SLUG}$`),
      () => ({
        body: {
          data: {
            triggered_at: "2026-11-02T21:33:20Z",
            started_on_worker_at: "2026-11-02T21:33:38Z",
            finished_at: "2026-11-02T21:34:01Z",
            slug: SLUG,
            status: 2,
            status_text: world.state,
            abort_reason: null,
            is_on_hold: world.state === "on-hold",
            branch: "feature",
            build_number: 8,
            triggered_workflow: "primary",
          },
        },
      }),
    ],
    [
      "GET",
      new RegExp(`^/v0\\.1/apps/37d1538c-d2d6-4b20-a2cc-78862be22342/builds/${SLUG}/log$`),
      () => ({
        body: {
          expiring_raw_log_url: `${world.store}/raw.txt?X-Amz-Signature=abc`,
          generated_log_chunks_num: 1,
          is_archived: true,
          log_chunks: [],
        },
      }),
    ],
  ],
};
