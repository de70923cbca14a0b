import drone from "../../../plugins/log-providers/drone.ts";
import { type CiVendor, passed } from "./vendor.ts";

/**
 * Drone: `core/{build,stage,step,logs,status}.go`, `handler/api/api.go` and `service/status/status.go` of drone/drone; paths as
 * `drone/client.go` of drone-go has them.
 */
export const droneVendor: CiVendor = {
  provider: drone,
  env: (url) => ({ DRONE_SERVER: url, DRONE_TOKEN: "secret-of-drone" }),
  allows: ({ authorization }) => authorization === "Bearer secret-of-drone",
  pages: (url) => [`${url}/octo/app/42`, `${url}/octo/app/42/2/3`],
  states: {
    failed: ["failure", "error"],
    waiting: ["pending", "waiting_on_dependencies"],
    running: ["running"],
    succeeded: ["success"],
    cancelled: ["killed", "declined"],
    skipped: ["skipped"],
    blocked: ["blocked"],
  },
  failed: { job: "test", step: "types" },
  isPublic: false,
  refusal: { status: 401, body: { message: "Unauthorized" } },
  notFound: { status: 404, body: { message: "Not Found" } },
  routes: (world) => [
    [
      "GET",
      /^\/api\/repos\/octo\/app\/builds\/42$/,
      () => ({
        body: {
          id: 100,
          number: 42,
          status: world.state,
          event: "pull_request",
          started: 1_793_655_218,
          finished: 1_793_655_241,
          stages: [
            { id: 1, number: 1, name: "lint", status: "success", errignore: false, exit_code: 0, steps: [] },
            {
              id: 2,
              number: 2,
              name: "test",
              status: "failure",
              errignore: false,
              exit_code: 2,
              steps: [
                { id: 3, number: 1, name: "clone", status: "success", exit_code: 0 },
                { id: 4, number: 2, name: "nightly", status: "failure", errignore: true, exit_code: 1 },
                { id: 5, number: 3, name: "types", status: "failure", exit_code: 2 },
                { id: 6, number: 4, name: "notify", status: "skipped", exit_code: 0 },
              ],
            },
          ],
        },
      }),
    ],
    [
      "GET",
      /^\/api\/repos\/octo\/app\/builds\/42\/logs\/(?<stage>\d+)\/(?<step>\d+)$/,
      ({ groups }) =>
        groups.stage !== "2" || groups.step !== "3"
          ? passed()
          : { body: world.log.map((line, at) => ({ pos: at, out: `${line}\n`, time: at })) },
    ],
  ],
};
