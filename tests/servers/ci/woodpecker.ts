import woodpecker from "../../../plugins/log-providers/woodpecker.ts";
import { type CiVendor, passed } from "./vendor.ts";

/**
 * Woodpecker: `server/router/api.go`, `server/model/{pipeline,workflow,step,log,const}.go` and `server/forge/common/status.go` of
 * woodpecker-ci/woodpecker. The bytes of a line are base64 in JSON.
 */
export const woodpeckerVendor: CiVendor = {
  provider: woodpecker,
  env: (url) => ({ WOODPECKER_SERVER: url, WOODPECKER_TOKEN: "secret-of-woodpecker" }),
  allows: ({ authorization }) => authorization === "Bearer secret-of-woodpecker",
  pages: (url) => [`${url}/repos/7/pipeline/42`, `${url}/repos/7/pipeline/42/3`],
  states: {
    failed: ["failure", "error"],
    waiting: ["pending", "created"],
    running: ["running"],
    succeeded: ["success"],
    cancelled: ["killed", "canceled", "declined"],
    skipped: ["skipped"],
    blocked: ["blocked"],
  },
  failed: { job: "test", step: "types" },
  isPublic: false,
  refusal: { status: 401, body: "User not authorized" },
  notFound: { status: 404, body: "Not Found" },
  routes: (world) => [
    [
      "GET",
      /^\/api\/repos\/7\/pipelines\/42$/,
      () => ({
        body: {
          id: 900,
          number: 42,
          status: world.state,
          event: "pull_request",
          errors: null,
          started: 1_793_655_218,
          finished: 1_793_655_241,
          workflows: [
            { id: 1, pid: 1, name: "lint", state: "success", children: [] },
            {
              id: 2,
              pid: 3,
              name: "test",
              state: "failure",
              children: [
                { id: 11, pid: 4, ppid: 3, name: "clone", state: "success", exit_code: 0, type: "clone" },
                { id: 12, pid: 5, ppid: 3, name: "types", state: "failure", exit_code: 2, type: "commands" },
              ],
            },
          ],
        },
      }),
    ],
    [
      "GET",
      /^\/api\/repos\/7\/logs\/42\/(?<step>\d+)$/,
      ({ groups }) =>
        groups.step !== "12"
          ? passed()
          : {
              body: world.log.map((line, at) => ({
                id: at,
                step_id: 12,
                time: at,
                line: at,
                data: Buffer.from(line).toString("base64"),
                type: 0,
              })),
            },
    ],
  ],
};
