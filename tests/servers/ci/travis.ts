import travis from "../../../plugins/log-providers/travis.ts";
import { type CiVendor, passed } from "./vendor.ts";

const job = (id: number, state: string, more: object = {}) => ({
  "@type": "job",
  id,
  number: `12.${id - 100}`,
  state,
  allow_failure: false,
  started_at: "2026-11-02T21:33:38Z",
  finished_at: "2026-11-02T21:34:01Z",
  stage: { "@type": "stage", id: 1, name: "Test" },
  repository: { "@type": "repository", id: 1, name: "app", slug: "octo/app" },
  ...more,
});

/** Travis CI: routes and renderers of travis-ci/travis-api (`lib/travis/api/v3`), developer.travis-ci.com for build, job and log. */
export const travisVendor: CiVendor = {
  provider: travis,
  env: (url) => ({ TRAVIS_ENDPOINT: `${url}/`, TRAVIS_TOKEN: "secret-of-travis-ci" }),
  allows: (headers) => headers.authorization === "token secret-of-travis-ci" && headers["travis-api-version"] === "3",
  pages: () => [
    "https://app.travis-ci.com/github/octo/app/builds/12?utm_medium=notification&utm_source=github_status",
    "https://app.travis-ci.com/github/octo/app/jobs/102",
    "https://travis-ci.com/octo/app/builds/12",
  ],
  states: {
    failed: ["failed", "errored"],
    waiting: ["created"],
    running: ["received", "started"],
    succeeded: ["passed"],
    cancelled: ["canceled"],
  },
  failed: { job: "12.2 Test", step: null },
  isPublic: false,
  refusal: { status: 403, body: { "@type": "error", error_type: "login_required", error_message: "login required" } },
  notFound: {
    status: 404,
    body: { "@type": "error", error_type: "not_found", error_message: "build not found (or insufficient access)" },
  },
  routes: (world) => [
    [
      "GET",
      /^\/build\/12$/,
      ({ query }) => ({
        body: {
          "@type": "build",
          id: 12,
          number: "12",
          state: world.state,
          repository: { id: 1, slug: "octo/app" },
          started_at: "2026-11-02T21:33:38Z",
          finished_at: "2026-11-02T21:34:01Z",
          jobs:
            query.get("include") === "build.jobs"
              ? [job(101, "passed"), job(102, "failed"), job(103, "failed", { allow_failure: true })]
              : [],
        },
      }),
    ],
    ["GET", /^\/job\/102$/, () => ({ body: job(102, world.state) })],
    [
      "GET",
      /^\/job\/(?<id>\d+)\/log$/,
      ({ groups }) =>
        groups.id !== "102"
          ? passed()
          : {
              body: {
                "@type": "log",
                "@href": "/job/102/log",
                id: 5,
                content: `travis_fold:start:worker_info\r\u001b[0K\u001b[33;1mWorker information\u001b[0m\r\ntravis_time:start:0a2b\r\u001b[0K${world.log.join("\r\n")}\r\n`,
                log_parts: [],
                "@raw_log_href": "/v3/job/102/log.txt",
              },
            },
    ],
  ],
};
