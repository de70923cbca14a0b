import { defineLogProvider } from "../../src/provider.ts";

const build = "/api/repos/{owner}/{repo}/builds/{build}";
const FAILED = ["failure", "error"];

/** Drone, on a server of one's own. Public repositories are read without a token. */
export default defineLogProvider({
  name: "drone",
  title: "Drone",
  checked: "drone/drone (states, stages, logs, address of a status), drone-go (requests)",
  base: { env: "DRONE_SERVER" },
  headers: { authorization: "Bearer {env:DRONE_TOKEN?}" },
  contexts: ["continuous-integration/drone(?:/.*)?"],
  pages: [{ path: "/(?<owner>[^/?#]+)/(?<repo>[^/?#]+)/(?<build>\\d+)(?:/\\d+){0,2}/?(?:[?#].*)?", is: "build" }],
  targets: {
    build: {
      label: "{owner}/{repo} build {build}",
      request: { path: build },
      state: "/status",
      states: {
        waiting: ["pending", "waiting_on_dependencies"],
        running: ["running"],
        succeeded: ["success"],
        failed: FAILED,
        cancelled: ["killed", "declined"],
        skipped: ["skipped"],
        blocked: ["blocked"],
      },
      reason: ["/error"],
      startedAt: "/started",
      endedAt: "/finished",
      logs: [
        {
          items: "/stages",
          where: [
            { at: "/status", is: FAILED },
            { at: "/errignore", not: ["true"] },
          ],
          as: "job",
          name: ["{/name}"],
          values: { stage: "/number" },
          parts: [
            {
              items: "/steps",
              where: [
                { at: "/status", is: FAILED },
                { at: "/errignore", not: ["true"] },
              ],
              as: "step",
              name: ["{/name}"],
              exit: "/exit_code",
              values: { step: "/number" },
              text: [
                { request: { path: `${build}/logs/{stage}/{step}` }, lines: "", line: "/out" },
                { lines: "/error", fallback: true },
              ],
            },
            { text: [{ lines: "/error" }], fallback: true },
          ],
        },
        { text: [{ lines: "/error" }], fallback: true },
      ],
    },
  },
});
