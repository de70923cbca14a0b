import { defineLogProvider } from "../../src/provider.ts";

const FAILED = ["failure", "error"];

/** The failed steps of a failed workflow. */
const steps = {
  as: "job" as const,
  name: ["{/name}"],
  parts: [
    {
      items: "/children",
      where: [{ at: "/state", is: FAILED }],
      as: "step" as const,
      name: ["{/name}"],
      exit: "/exit_code",
      values: { step: "/id" },
      text: [
        {
          request: { path: "/api/repos/{repo}/logs/{pipeline}/{step}" },
          lines: "",
          line: "/data",
          form: "base64" as const,
        },
        { lines: "/error", fallback: true },
      ],
    },
    { text: [{ lines: "/error" }], fallback: true },
  ],
};

const pipeline = {
  request: { path: "/api/repos/{repo}/pipelines/{pipeline}" },
  state: "/status",
  states: {
    waiting: ["pending", "created"],
    running: ["running"],
    succeeded: ["success"],
    failed: FAILED,
    cancelled: ["killed", "canceled", "declined"],
    skipped: ["skipped"],
    blocked: ["blocked"],
  },
  reason: ["/errors/0/message"],
  startedAt: "/started",
  endedAt: "/finished",
};

/** Errors of the configuration, which leave no workflow. */
const errors = { text: [{ lines: "/errors", line: "/message" }], fallback: true };

/** Woodpecker, on a server of one's own. Public repositories are read without a token. */
export default defineLogProvider({
  name: "woodpecker",
  title: "Woodpecker",
  checked: "woodpecker-ci/woodpecker (routes, models, states, address of a status, variables)",
  base: { env: "WOODPECKER_SERVER" },
  headers: { authorization: "Bearer {env:WOODPECKER_TOKEN?}" },
  contexts: ["ci/woodpecker/.*"],
  pages: [
    {
      path: "/repos/(?<repo>\\d+)/pipeline/(?<pipeline>\\d+)/(?<workflow>\\d+)(?:[/?#].*)?",
      is: "workflow",
      telling: true,
    },
    { path: "/repos/(?<repo>\\d+)/pipeline/(?<pipeline>\\d+)(?:[/?#].*)?", is: "pipeline", telling: true },
  ],
  targets: {
    pipeline: {
      ...pipeline,
      label: "pipeline {pipeline} of repository {repo}",
      logs: [{ ...steps, items: "/workflows", where: [{ at: "/state", is: FAILED }] }, errors],
    },
    // A status is of one workflow, and a watch of the pipeline that it is part of.
    workflow: {
      ...pipeline,
      label: "pipeline {pipeline} of repository {repo}",
      logs: [
        {
          ...steps,
          items: "/workflows",
          where: [
            { at: "/state", is: FAILED },
            { at: "/pid", is: ["{workflow}"] },
          ],
        },
        errors,
      ],
    },
  },
});
