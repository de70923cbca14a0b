import { defineLogProvider } from "../../src/provider.ts";

const project = "/api/v4/projects/{project}";

/** Documented for pipelines and jobs alike. */
const states = {
  waiting: ["created", "waiting_for_resource", "waiting_for_callback", "preparing", "pending", "scheduled"],
  running: ["running", "canceling"],
  succeeded: ["success"],
  failed: ["failed"],
  cancelled: ["canceled"],
  skipped: ["skipped"],
  blocked: ["manual"],
};

const trace = [{ request: { path: `${project}/jobs/{job}/trace` } }, { lines: "/failure_reason", fallback: true }];

/** The jobs of a pipeline that failed; those that may fail count when there is no other. */
const jobs = {
  request: { path: `${project}/pipelines/{pipeline}/jobs`, query: { "scope[]": "failed", per_page: "100" } },
  next: { header: "x-next-page", query: "page" },
  as: "job" as const,
  name: ["{/name}"],
  values: { job: "/id" },
  text: trace,
};

/** GitLab CI, on gitlab.com or a server of one's own. */
export default defineLogProvider({
  name: "gitlab",
  title: "GitLab CI",
  checked: "docs.gitlab.com: API, jobs and pipelines",
  base: { url: "https://gitlab.com", env: "GITLAB_HOST" },
  headers: { "private-token": "{env:GITLAB_TOKEN?}" },
  pages: [
    { path: "/(?<project>[^?#]+?)/-/jobs/(?<job>\\d+)(?:[/?#].*)?", is: "job", telling: true },
    { path: "/(?<project>[^?#]+?)/-/pipelines/(?<pipeline>\\d+)(?:[/?#].*)?", is: "pipeline", telling: true },
    { path: "/(?<project>[^?#]+?)/(?:jobs|builds)/(?<job>\\d+)(?:[/?#].*)?", is: "job" },
    { path: "/(?<project>[^?#]+?)/pipelines/(?<pipeline>\\d+)(?:[/?#].*)?", is: "pipeline" },
  ],
  targets: {
    job: {
      label: "{project} job {job}",
      request: { path: `${project}/jobs/{job}` },
      state: "/status",
      states,
      reason: ["/failure_reason"],
      startedAt: "/started_at",
      endedAt: "/finished_at",
      logs: [{ as: "job", name: ["{/name}"], text: trace }],
    },
    pipeline: {
      label: "{project} pipeline {pipeline}",
      request: { path: `${project}/pipelines/{pipeline}` },
      state: "/status",
      states,
      reason: ["/yaml_errors"],
      startedAt: "/started_at",
      endedAt: "/finished_at",
      logs: [
        { ...jobs, where: [{ at: "/allow_failure", not: ["true"] }] },
        { ...jobs, fallback: true },
        { text: [{ lines: "/yaml_errors" }], fallback: true },
      ],
    },
  },
});
