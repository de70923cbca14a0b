import gitlab from "../../../plugins/log-providers/gitlab.ts";
import type { Route } from "../vendors/harness.ts";
import { type CiVendor, passed } from "./vendor.ts";

const PROJECT = "/api/v4/projects/octo%2Ftools%2Fapp";

const job = (id: number, name: string, status: string, allow_failure = false) => ({
  id,
  name,
  stage: "test",
  status,
  allow_failure,
  failure_reason: status === "failed" ? "script_failure" : undefined,
  created_at: "2026-11-02T21:33:20.802Z",
  started_at: "2026-11-02T21:33:38.722Z",
  finished_at: "2026-11-02T21:34:01.895Z",
  pipeline: { id: 6, project_id: 1, ref: "main", sha: "0ff3ae198f8601a285adcf5c0fff204ee6fba5fd", status: "failed" },
  web_url: `https://example.com/octo/tools/app/-/jobs/${id}`,
});

/** GitLab: docs.gitlab.com, "Jobs API" (get a single job, list pipeline jobs, get a log file), "Pipelines API"; marks of sections in a log: "Job logs". */
export const gitlabVendor: CiVendor = {
  provider: gitlab,
  env: (url) => ({ GITLAB_HOST: url, GITLAB_TOKEN: "glpat-secret-of-gitlab" }),
  allows: (headers) => headers["private-token"] === "glpat-secret-of-gitlab",
  pages: (url) => [
    `${url}/octo/tools/app/-/jobs/8`,
    `${url}/octo/tools/app/builds/8`,
    `${url}/octo/tools/app/-/pipelines/6`,
    `${url}/octo/tools/app/pipelines/6`,
  ],
  states: {
    failed: ["failed"],
    waiting: ["created", "waiting_for_resource", "preparing", "pending", "scheduled"],
    running: ["running", "canceling"],
    succeeded: ["success"],
    cancelled: ["canceled"],
    skipped: ["skipped"],
    blocked: ["manual"],
  },
  failed: { job: "types", step: null },
  isPublic: false,
  refusal: { status: 404, body: { message: "404 Project Not Found" } },
  notFound: { status: 404, body: { message: "404 Not found" } },
  routes: (world): Route[] => [
    ["GET", new RegExp(`^${PROJECT}/jobs/8$`), () => ({ body: job(8, "types", world.state) })],
    [
      "GET",
      new RegExp(`^${PROJECT}/pipelines/6$`),
      () => ({
        body: { id: 6, project_id: 1, status: world.state, yaml_errors: null, started_at: null, finished_at: null },
      }),
    ],
    [
      "GET",
      new RegExp(`^${PROJECT}/pipelines/6/jobs$`),
      ({ query }) => {
        if (query.get("scope[]") !== "failed") return undefined;
        return query.get("page") === "2"
          ? { headers: { "x-next-page": "" }, body: [job(8, "types", "failed")] }
          : { headers: { "x-next-page": "2" }, body: [job(9, "nightly", "failed", true)] };
      },
    ],
    [
      "GET",
      new RegExp(`^${PROJECT}/jobs/(?<id>\\d+)/trace$`),
      ({ groups }) =>
        groups.id !== "8"
          ? passed()
          : {
              headers: { "content-type": "text/plain" },
              body: `section_start:1560896352:step_script\r\u001b[0K\u001b[36;1mExecuting "step_script"\u001b[0;m\n${world.log.join("\n")}\nsection_end:1560896353:step_script\r\u001b[0K\n`,
            },
    ],
  ],
};
