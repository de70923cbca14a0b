import meilisearch from "../../../plugins/wait-kinds/providers/indexes/meilisearch.ts";
import type { SyncVendor } from "./sync.ts";

const task = (status: string, more: object = {}) => ({
  uid: 5,
  batchUid: status === "enqueued" ? null : 3,
  indexUid: "movies",
  status,
  type: "documentAdditionOrUpdate",
  canceledBy: null,
  details: { receivedDocuments: 9000, indexedDocuments: status === "succeeded" ? 9000 : null },
  error: null,
  duration: status === "succeeded" ? "PT12.5S" : null,
  enqueuedAt: "2026-11-20T08:00:00.000000Z",
  startedAt: status === "enqueued" ? null : "2026-11-20T08:00:01.000000Z",
  finishedAt: ["succeeded", "failed", "canceled"].includes(status) ? "2026-11-20T08:00:13.500000Z" : null,
  ...more,
});

/** Meilisearch's tasks and batches. */
export const meilisearchVendor: SyncVendor = {
  provider: meilisearch,
  env: (url) => ({ MEILISEARCH_URL: url, MEILISEARCH_API_KEY: "meili-secret-key" }),
  ref: "5",
  auth: ["authorization", "Bearer meili-secret-key"],
  refusal: {
    status: 403,
    body: { message: "The provided API key is invalid.", code: "invalid_api_key", type: "auth", link: "" },
  },
  notFound: {
    status: 404,
    body: { message: "Task `5` not found.", code: "task_not_found", type: "invalid_request", link: "" },
  },
  path: /^\/tasks\/5$/,
  states: {
    waiting: [{ document: task("enqueued") }],
    running: [{ document: task("processing"), percent: 42.5, phase: "processing tasks" }],
    succeeded: [{ document: task("succeeded") }],
    failed: [
      {
        document: task("failed", {
          error: {
            message: "Document doesn't have a `id` attribute",
            code: "missing_document_id",
            type: "invalid_request",
            link: "",
          },
        }),
        reason: "Document doesn't have a `id` attribute",
        evidence: "Document doesn't have a `id` attribute",
      },
    ],
    cancelled: [{ document: task("canceled", { canceledBy: 6 }) }],
  },
  strange: task("hibernating"),
  more: [
    [
      /^\/batches\/3$/,
      () => ({
        uid: 3,
        progress: { steps: [{ currentStep: "processing tasks", finished: 1, total: 4 }], percentage: 42.5 },
        stats: { totalNbTasks: 1 },
      }),
    ],
  ],
};
