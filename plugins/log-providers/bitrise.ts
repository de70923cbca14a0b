import { defineLogProvider } from "../../src/provider.ts";

const build = "/v0.1/apps/{app}/builds/{build}";

/** Bitrise. The address of a build does not name its app: it is searched for among the newest builds, or a variable says it. */
export default defineLogProvider({
  name: "bitrise",
  title: "Bitrise",
  checked: "docs.bitrise.io: API, managing an app's builds and build log; the vendor's MCP server (log of a build)",
  base: { url: "https://api.bitrise.io", env: "BITRISE_API_URL" },
  sites: ["https://app.bitrise.io"],
  headers: { authorization: "{env:BITRISE_TOKEN}" },
  params: { app: { description: "slug of the app", env: "BITRISE_APP_SLUG", optional: true } },
  contexts: ["bitrise/.*", "ci/bitrise/.*"],
  pages: [
    { path: "/app/(?<app>[0-9a-f-]+)/build/(?<build>[0-9a-f-]+)(?:[/?#].*)?", is: "build" },
    { path: "/build/(?<build>[0-9a-f-]+)(?:[/?#].*)?", is: "build" },
  ],
  targets: {
    build: {
      label: "build {number}",
      find: {
        request: { path: "/v0.1/builds", query: { limit: "50" } },
        next: { at: "/paging/next", query: "next" },
        items: "/data",
        where: [{ at: "/slug", is: ["{build}"] }],
        values: { app: "/repository/slug" },
      },
      request: { path: build },
      root: "/data",
      values: { number: "/build_number" },
      state: "/status_text",
      states: {
        waiting: ["on-hold"],
        running: ["in-progress"],
        succeeded: ["success"],
        failed: ["error"],
        cancelled: ["aborted"],
      },
      rules: [{ when: [{ at: "/is_on_hold", is: ["true"] }], is: "waiting", reason: "it waits for a free machine" }],
      reason: ["/abort_reason"],
      startedAt: "/started_on_worker_at",
      endedAt: "/finished_at",
      logs: [
        {
          as: "job",
          name: ["{/triggered_workflow}"],
          text: [
            { request: { path: `${build}/log` }, url: "/expiring_raw_log_url", tail: true },
            { request: { path: `${build}/log` }, lines: "/log_chunks", line: "/chunk", pieces: true, fallback: true },
          ],
        },
      ],
    },
  },
});
