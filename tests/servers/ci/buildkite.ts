import buildkite from "../../../plugins/log-providers/buildkite.ts";
import type { Route } from "../vendors/harness.ts";
import { type CiVendor, type CiWorld, passed } from "./vendor.ts";

const JOB = "b63254c0-3271-4a98-8270-7cfbd6c2f14e";
const BUILD = "/v2/organizations/my-great-org/pipelines/my-pipeline/builds/1";

const job = (id: string, name: string, state: string, more: object = {}) => ({
  id,
  graphql_id: "Sm9iLS0tMTQ4YWQ0MzgtM2E2My00YWIxLWIzMjItNzIxM2Y3YzJhMWFi",
  type: "script",
  name,
  step_key: null,
  state,
  web_url: `https://buildkite.com/my-great-org/my-pipeline/builds/1#${id}`,
  log_url: `https://api.buildkite.com${BUILD}/jobs/${id}/log`,
  raw_log_url: `https://api.buildkite.com${BUILD}/jobs/${id}/log.txt`,
  command: "npx tsc -p .",
  soft_failed: false,
  exit_status: state === "passed" ? 0 : 2,
  started_at: "2026-11-02T21:06:05.000Z",
  finished_at: "2026-11-02T21:06:20.000Z",
  retried: false,
  ...more,
});

/** A log as it is kept: the time of each line in an escape sequence that no terminal shows. */
const raw = ({ log }: CiWorld) => log.map((line, at) => `\u001b_bk;t=15633378998${at}\u0007${line}`).join("\r\n");

/** Buildkite: `pages/apis/rest_api/builds.md` and `jobs.md` of buildkite/docs ("Get a build", "Get a job's log output", range requests). */
export const buildkiteVendor: CiVendor = {
  provider: buildkite,
  env: (url) => ({ BUILDKITE_API_URL: url, BUILDKITE_API_TOKEN: "bkua_secret-of-buildkite" }),
  allows: ({ authorization }) => authorization === "Bearer bkua_secret-of-buildkite",
  pages: () => [
    "https://buildkite.com/my-great-org/my-pipeline/builds/1",
    `https://buildkite.com/my-great-org/my-pipeline/builds/1#${JOB}`,
    `https://buildkite.com/my-great-org/my-pipeline/builds/1/steps/canvas?sid=1&jid=${JOB}&tab=output`,
  ],
  states: {
    failed: ["failed"],
    waiting: ["scheduled", "waiting"],
    running: ["running", "failing", "canceling", "waiting_failed"],
    succeeded: ["passed"],
    cancelled: ["canceled"],
    skipped: ["skipped", "not_run"],
    blocked: ["blocked"],
  },
  failed: { job: ":typescript: Types", step: null },
  isPublic: false,
  refusal: { status: 401, body: { message: "Authentication required. Please supply a valid API Access Token" } },
  notFound: { status: 404, body: { message: "No build found" } },
  routes: (world): Route[] => [
    [
      "GET",
      new RegExp(`^${BUILD}$`),
      () => ({
        body: {
          id: "f62a1b4d-10f9-4790-bc1c-e2c3a0c80983",
          number: 1,
          web_url: "https://buildkite.com/my-great-org/my-pipeline/builds/1",
          state: world.state,
          blocked: world.state === "blocked",
          cancel_reason: null,
          commit: "a65572555600c07c7ee79a2bd909220e1ca5485b",
          branch: "feature",
          started_at: "2026-11-02T21:05:59.874Z",
          finished_at: "2026-11-02T21:06:20.000Z",
          jobs: [
            job("a63254c0-3271-4a98-8270-7cfbd6c2f14e", "Lint", "passed"),
            { id: "w", type: "waiter", state: "failed" },
            job("c63254c0-3271-4a98-8270-7cfbd6c2f14e", "Types", "failed", { retried: true }),
            job("d63254c0-3271-4a98-8270-7cfbd6c2f14e", "Nightly", "failed", { soft_failed: true }),
            job(JOB, ":typescript: Types", "failed"),
          ],
        },
      }),
    ],
    ["GET", new RegExp(`^${BUILD}/jobs/${JOB}$`), () => ({ body: job(JOB, ":typescript: Types", world.state) })],
    [
      "GET",
      new RegExp(`^${BUILD}/jobs/(?<id>[^/]+)/log$`),
      ({ groups, headers }) => {
        if (groups.id !== JOB) return passed();
        if (headers.accept !== "text/plain") return { status: 400, body: { message: "Range needs text/plain" } };
        return {
          status: 206,
          headers: { "content-type": "text/plain", "content-range": "bytes 0-1/2" },
          body: raw(world),
        };
      },
    ],
  ],
};
