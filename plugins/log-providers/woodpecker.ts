import { defineLogProvider } from "../../src/provider.ts";

const FAILED = ["failure", "error"];

/** Woodpecker, on a server of one's own. Public repositories are read without a token. */
export default defineLogProvider({
  name: "woodpecker",
  title: "Woodpecker",
  checked: "woodpecker-ci/woodpecker (routes, models, states, address of a status, variables)",
  base: { env: "WOODPECKER_SERVER" },
  headers: { authorization: "Bearer {env:WOODPECKER_TOKEN?}" },
  contexts: ["ci/woodpecker/.*"],
  pages: [{ path: "/repos/(?<repo>\\d+)/pipeline/(?<pipeline>\\d+)(?:[/?#].*)?", is: "pipeline" }],
  targets: {
    pipeline: {
      label: "pipeline {pipeline} of repository {repo}",
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
      logs: [
        {
          items: "/workflows",
          where: [{ at: "/state", is: FAILED }],
          as: "job",
          name: ["{/name}"],
          parts: [
            {
              items: "/children",
              where: [{ at: "/state", is: FAILED }],
              as: "step",
              name: ["{/name}"],
              exit: "/exit_code",
              values: { step: "/id" },
              text: [
                {
                  request: { path: "/api/repos/{repo}/logs/{pipeline}/{step}" },
                  lines: "",
                  line: "/data",
                  form: "base64",
                },
                { lines: "/error", fallback: true },
              ],
            },
            { text: [{ lines: "/error" }], fallback: true },
          ],
        },
        { text: [{ lines: "/errors", line: "/message" }], fallback: true },
      ],
    },
  },
});
