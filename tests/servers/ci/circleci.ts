import circleci from "../../../plugins/log-providers/circleci.ts";
import type { CiVendor } from "./vendor.ts";

/**
 * CircleCI. The job: "Single Job" of API v1.1 (circleci-docs, `src-api/source/includes/_builds_and_jobs.md`); fields of its steps and the
 * output of one: `jobsV1.ts`, `schemas.ts` and `jobsPrivate.ts` of CircleCI-Public/mcp-server-circleci.
 */
export const circleciVendor: CiVendor = {
  provider: circleci,
  env: (url) => ({ CIRCLECI_BASE_URL: url, CIRCLECI_TOKEN: "CCIPAT_secret-of-circleci" }),
  allows: (headers) => headers["circle-token"] === "CCIPAT_secret-of-circleci",
  pages: () => [
    "https://circleci.com/gh/octo/app/42?utm_campaign=vcs-integration-link&utm_medium=referral",
    "https://app.circleci.com/jobs/gh/octo/app/42",
    "https://app.circleci.com/pipelines/gh/octo/app/7/workflows/c2006ece-778d-49fc-9e6e-b9965f72bee9/jobs/42/steps",
    "https://app.circleci.com/pipelines/gh/octo/app/7/workflows/c2006ece-778d-49fc-9e6e-b9965f72bee9",
    "https://circleci.com/workflow-run/c2006ece-778d-49fc-9e6e-b9965f72bee9",
  ],
  states: {
    failed: ["failed", "timedout", "infrastructure_fail"],
    waiting: ["queued", "not_running"],
    running: ["running"],
    succeeded: ["success", "fixed"],
    cancelled: ["canceled"],
    skipped: ["not_run"],
    superseded: ["retried"],
  },
  failed: { job: "test", step: "npm test" },
  isPublic: false,
  refusal: { status: 401, body: { message: "Invalid token provided." } },
  notFound: { status: 404, body: { message: "Not found" } },
  routes: (world) => [
    [
      "GET",
      /^\/api\/v2\/workflow\/c2006ece-778d-49fc-9e6e-b9965f72bee9$/,
      () => ({
        body: {
          pipeline_id: "5034460f-c7c4-4c43-9457-de07e2029e7b",
          id: "c2006ece-778d-49fc-9e6e-b9965f72bee9",
          name: "build-and-test",
          project_slug: "gh/octo/app",
          status: "failed",
          started_by: "03987f6a-4c27-4dc1-b6ab-c7e83bb3e713",
          pipeline_number: 7,
          created_at: "2026-11-02T21:33:30Z",
          stopped_at: "2026-11-02T21:34:01Z",
        },
      }),
    ],
    [
      "GET",
      /^\/api\/v2\/workflow\/c2006ece-778d-49fc-9e6e-b9965f72bee9\/job$/,
      ({ query }) =>
        query.get("page-token") === "p2"
          ? {
              body: {
                items: [
                  {
                    id: "b",
                    name: "test",
                    type: "build",
                    status: "failed",
                    job_number: 42,
                    project_slug: "gh/octo/app",
                  },
                ],
                next_page_token: null,
              },
            }
          : {
              body: {
                items: [
                  {
                    id: "a",
                    name: "lint",
                    type: "build",
                    status: "success",
                    job_number: 41,
                    project_slug: "gh/octo/app",
                  },
                  { id: "c", name: "hold", type: "approval", status: "on_hold", project_slug: "gh/octo/app" },
                ],
                next_page_token: "p2",
              },
            },
    ],
    [
      "GET",
      /^\/api\/v1\.1\/project\/gh\/octo\/app\/42$/,
      () => ({
        body: {
          vcs_url: "https://github.com/octo/app",
          build_url: "https://circleci.com/gh/octo/app/42",
          build_num: 42,
          branch: "feature",
          queued_at: "2026-11-02T21:33:30Z",
          start_time: "2026-11-02T21:33:38Z",
          stop_time: "2026-11-02T21:34:01Z",
          lifecycle: "finished",
          outcome: world.state,
          status: world.state,
          workflows: { job_name: "test", workflow_name: "build-and-test" },
          steps: [
            {
              name: "Spin up environment",
              actions: [{ index: 0, step: 0, failed: null, status: "success", exit_code: null, bash_command: null }],
            },
            {
              name: "npm test",
              actions: [
                { index: 0, step: 102, failed: null, status: "success", exit_code: 0, bash_command: "npm test" },
                { index: 1, step: 102, failed: true, status: "failed", exit_code: 2, bash_command: "npm test" },
              ],
            },
          ],
        },
      }),
    ],
    [
      "GET",
      /^\/api\/private\/output\/raw\/gh\/octo\/app\/42\/output\/1\/102$/,
      () => ({ headers: { "content-type": "text/plain" }, body: world.log.join("\r\n") }),
    ],
    [
      "GET",
      /^\/api\/private\/output\/raw\/gh\/octo\/app\/42\/error\/1\/102$/,
      () => ({ headers: { "content-type": "text/plain" }, body: "" }),
    ],
  ],
};
