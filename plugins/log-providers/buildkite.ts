import { defineLogProvider } from "../../src/provider.ts";

const build = "/v2/organizations/{org}/pipelines/{pipeline}/builds/{build}";

/** A job's log, of which the server gives the end. */
const text = [{ request: { path: `${build}/jobs/{job}/log` }, tail: true }];

/** Buildkite. A check may be the whole build or one job of it, whose id stands in the address. */
export default defineLogProvider({
  name: "buildkite",
  title: "Buildkite",
  checked: "buildkite/docs: REST API, builds and jobs",
  base: { url: "https://api.buildkite.com", env: "BUILDKITE_API_URL" },
  sites: ["https://buildkite.com"],
  headers: { authorization: "Bearer {env:BUILDKITE_API_TOKEN}" },
  apps: ["buildkite"],
  contexts: ["buildkite/.*"],
  pages: [
    {
      path: "/(?<org>[^/?#]+)/(?<pipeline>[^/?#]+)/builds/(?<build>\\d+)(?:/[^?#]*)?(?:\\?[^#]*)?#(?<job>[0-9a-f-]{36})",
      is: "job",
    },
    {
      path: "/(?<org>[^/?#]+)/(?<pipeline>[^/?#]+)/builds/(?<build>\\d+)(?:/[^?#]*)?\\?(?:[^#]*&)?jid=(?<job>[0-9a-f-]{36})(?:[&#].*)?",
      is: "job",
    },
    { path: "/(?<org>[^/?#]+)/(?<pipeline>[^/?#]+)/builds/(?<build>\\d+)(?:[/?#].*)?", is: "build" },
  ],
  targets: {
    build: {
      label: "{org}/{pipeline} build {build}",
      request: { path: build },
      state: "/state",
      states: {
        waiting: ["scheduled", "creating", "waiting"],
        running: ["running", "failing", "canceling", "waiting_failed"],
        succeeded: ["passed"],
        failed: ["failed"],
        cancelled: ["canceled"],
        skipped: ["skipped", "not_run"],
        blocked: ["blocked"],
      },
      rules: [
        {
          when: [
            { at: "/state", is: ["passed", "blocked"] },
            { at: "/blocked", is: ["true"] },
          ],
          is: "blocked",
          reason: "a block step waits for somebody",
        },
      ],
      reason: ["/cancel_reason"],
      startedAt: "/started_at",
      endedAt: "/finished_at",
      logs: [
        {
          items: "/jobs",
          where: [
            { at: "/state", is: ["failed", "timed_out", "expired"] },
            { at: "/type", is: ["script", "null"] },
            { at: "/soft_failed", not: ["true"] },
            { at: "/retried", not: ["true"] },
          ],
          as: "job",
          name: ["{/name}", "{/step_key}", "{/command}"],
          command: "/command",
          exit: "/exit_status",
          values: { job: "/id" },
          text,
        },
      ],
    },
    job: {
      label: "{org}/{pipeline} build {build}, job {name}",
      request: { path: `${build}/jobs/{job}` },
      values: { name: "/name" },
      state: "/state",
      states: {
        waiting: ["pending", "waiting", "scheduled", "assigned", "accepted", "limiting", "limited"],
        running: ["running", "canceling", "timing_out"],
        succeeded: ["passed", "unblocked"],
        failed: ["failed", "timed_out", "expired"],
        cancelled: ["canceled"],
        skipped: ["skipped", "broken", "waiting_failed", "blocked_failed", "unblocked_failed"],
        blocked: ["blocked"],
      },
      rules: [
        {
          when: [
            { at: "/state", is: ["failed"] },
            { at: "/soft_failed", is: ["true"] },
          ],
          is: "succeeded",
          reason: "it failed softly with exit status {/exit_status}",
        },
      ],
      reason: ["/broken_reason", "/signal_reason"],
      startedAt: "/started_at",
      endedAt: "/finished_at",
      logs: [
        { as: "job", name: ["{/name}", "{/step_key}", "{/command}"], command: "/command", exit: "/exit_status", text },
      ],
    },
  },
});
