import zuul from "../../../plugins/log-providers/zuul.ts";
import { type CiVendor, passed } from "./vendor.ts";

const UUID = "4c56def513884c5eb3ba7b0adf7fa260";
const SET = "a078a17aa9924517b329cafc3f54fed4";

/**
 * Zuul: the REST API's builds and buildsets (zuul-ci.org, "REST API"), fields and results as clients of it read them
 * (imatza-rh/mcp-zuul: `formatters.py`, `tools/_builds.py`); `log_url` leads to `job-output.txt` on another server.
 */
export const zuulVendor: CiVendor = {
  provider: zuul,
  env: (url) => ({ ZUUL_URL: url }),
  allows: () => true,
  pages: (url) => [
    `${url}/t/example/build/${UUID}`,
    `${url}/t/example/build/${UUID}/logs`,
    `${url}/t/example/buildset/${SET}`,
  ],
  states: {
    failed: ["FAILURE", "POST_FAILURE", "TIMED_OUT", "RETRY_LIMIT", "NODE_FAILURE"],
    waiting: [null],
    running: [""],
    succeeded: ["SUCCESS"],
    cancelled: ["CANCELED", "ABORTED"],
    skipped: ["SKIPPED"],
  },
  failed: { job: "app-tox-types", step: null },
  stored: (line) => `2026-11-02 21:33:50.314813 | ubuntu-noble | ${line}`,
  isPublic: true,
  isOpen: true,
  refusal: { status: 403, body: { description: "Forbidden" } },
  notFound: { status: 404, body: { code: 404, description: "Build not found" } },
  routes: (world) => {
    const build = (uuid: string, job_name: string, result: string, more: object = {}) => ({
      uuid,
      job_name,
      result: result || null,
      start_time: "2026-11-02T21:33:38",
      end_time: "2026-11-02T21:34:01",
      voting: true,
      log_url: `${world.store}/${uuid}/`,
      error_detail: null,
      ...more,
    });
    return [
      [
        "GET",
        new RegExp(`^/api/tenant/example/build/${UUID}$`),
        () => ({ body: build(UUID, "app-tox-types", world.state) }),
      ],
      [
        "GET",
        new RegExp(`^/api/tenant/example/buildset/${SET}$`),
        () => ({
          body: {
            uuid: SET,
            result: world.state || null,
            message: "Build failed.",
            builds: [
              build("a".repeat(32), "app-tox-linters", "SUCCESS"),
              build("b".repeat(32), "app-nightly", "FAILURE", { voting: false }),
              build(UUID, "app-tox-types", "FAILURE"),
            ],
          },
        }),
      ],
      ["GET", /^\/passed$/, passed],
    ];
  },
};
