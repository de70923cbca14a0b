import { defineProvider } from "../../../../src/provider.ts";

/** One Meilisearch task; its batch says how far it is. */
export default defineProvider({
  name: "meilisearch",
  title: "Meilisearch",
  waits: "index-sync",
  checked: "the vendor's npm client 0.62.0 accepts the test server (contract test)",
  base: { url: "http://localhost:7700", env: "MEILISEARCH_URL" },
  headers: { authorization: "Bearer {env:MEILISEARCH_API_KEY?}" },
  refs: ["(?:tasks?/)?(?<id>\\d+)", "(?<base>https?://.+)/tasks/(?<id>\\d+)"],
  label: "task {id}",
  request: { path: "/tasks/{id}" },
  values: { batch: "/batchUid" },
  state: "/status",
  states: {
    waiting: ["enqueued"],
    running: ["processing"],
    succeeded: ["succeeded"],
    failed: ["failed"],
    cancelled: ["canceled"],
  },
  progress: {
    request: { path: "/batches/{batch}" },
    percent: "/progress/percentage",
    phase: "/progress/steps/*/currentStep",
  },
  reason: ["/error/message"],
  startedAt: "/startedAt",
  endedAt: "/finishedAt",
  evidence: { lines: "/error/message" },
});
