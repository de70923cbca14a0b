import { defineLogProvider } from "../../src/provider.ts";

const DOES_NOT_RUN = ["failed", "timedout", "infrastructure_fail"];

/** The failed steps of a job's document, whose output is asked for as the vendor's own MCP server does. */
const steps = (project: string) => [
  {
    items: "/steps",
    as: "step" as const,
    name: ["{/name}"],
    parts: [
      { at: "/failed", is: ["true"] },
      { at: "/status", is: DOES_NOT_RUN },
    ].map((failed, nth) => ({
      items: "/actions",
      where: [failed],
      fallback: nth > 0,
      command: "/bash_command",
      exit: "/exit_code",
      values: { index: "/index", step: "/step" },
      text: ["output", "error"].map((stream) => ({
        request: { path: `/api/private/output/raw/${project}/{job}/${stream}/{index}/{step}` },
      })),
    })),
  },
];

/** CircleCI: jobs by API v1.1, which has the steps, and workflows by v2. */
export default defineLogProvider({
  name: "circleci",
  title: "CircleCI",
  checked:
    "circleci-docs (API v1.1: Single Job; API v2: workflow), the vendor's MCP server (addresses, output of steps)",
  base: { url: "https://circleci.com", env: "CIRCLECI_BASE_URL" },
  sites: ["https://circleci.com", "https://app.circleci.com"],
  headers: { "circle-token": "{env:CIRCLECI_TOKEN}" },
  apps: ["circleci-checks", "circleci(?:-app)?"],
  contexts: ["ci/circleci(?:: .*)?"],
  pages: [
    {
      path: "/pipelines/(?<project>[^/?#]+/[^/?#]+/[^/?#]+)/\\d+/workflows/[0-9a-f-]+/jobs/(?<job>\\d+)(?:[/?#].*)?",
      is: "job",
    },
    {
      path: "/(?:jobs/)?(?<project>(?:gh|github|bb|bitbucket|circleci)/[^/?#]+/[^/?#]+)/(?<job>\\d+)(?:[/?#].*)?",
      is: "job",
    },
    { path: "/pipelines/[^/?#]+/[^/?#]+/[^/?#]+/\\d+/workflows/(?<workflow>[0-9a-f-]+)(?:[/?#].*)?", is: "workflow" },
    { path: "/workflow-run/(?<workflow>[0-9a-f-]+)(?:[/?#].*)?", is: "workflow" },
  ],
  targets: {
    job: {
      label: "{project} job {job}",
      request: { path: "/api/v1.1/project/{+project}/{job}" },
      state: "/status",
      states: {
        waiting: ["queued", "scheduled", "not_running"],
        running: ["running"],
        succeeded: ["success", "fixed"],
        failed: DOES_NOT_RUN,
        cancelled: ["canceled"],
        skipped: ["not_run"],
        superseded: ["retried"],
        blocked: ["on_hold"],
      },
      startedAt: "/start_time",
      endedAt: "/stop_time",
      logs: [{ as: "job", name: ["{/workflows/job_name}"], parts: steps("{+project}") }],
    },
    workflow: {
      label: "workflow {name}",
      request: { path: "/api/v2/workflow/{workflow}" },
      values: { name: "/name", project: "/project_slug" },
      state: "/status",
      states: {
        running: ["running", "failing"],
        succeeded: ["success"],
        failed: ["failed", "error"],
        cancelled: ["canceled"],
        skipped: ["not_run"],
        blocked: ["on_hold", "unauthorized"],
      },
      startedAt: "/created_at",
      endedAt: "/stopped_at",
      logs: [
        {
          request: { path: "/api/v2/workflow/{workflow}/job" },
          next: { at: "/next_page_token", query: "page-token" },
          items: "/items",
          where: [
            { at: "/status", is: DOES_NOT_RUN },
            { at: "/job_number", present: true },
          ],
          as: "job",
          name: ["{/name}"],
          values: { job: "/job_number" },
          parts: [{ request: { path: "/api/v1.1/project/{+project}/{job}" }, parts: steps("{+project}") }],
        },
      ],
    },
  },
});
