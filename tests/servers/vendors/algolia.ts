import algolia, { run } from "../../../plugins/wait-kinds/providers/indexes/algolia.ts";
import type { SyncVendor } from "./sync.ts";

const env = { ALGOLIA_APPLICATION_ID: "APPID", ALGOLIA_API_KEY: "algolia-secret-key" };
const refusal = { status: 403, body: { message: "Invalid Application-ID or API key", status: 403 } };
const auth = ["x-algolia-api-key", "algolia-secret-key"] as const;

/** Algolia's tasks. */
export const algoliaVendor: SyncVendor = {
  provider: algolia,
  env: (url) => ({ ...env, ALGOLIA_API_URL: url }),
  ref: "products/678",
  auth,
  refusal,
  notFound: { status: 404, body: { message: "Task does not exist", status: 404 } },
  path: /^\/1\/indexes\/products\/task\/678$/,
  states: {
    running: [{ document: { status: "notPublished", pendingTask: true } }],
    succeeded: [{ document: { status: "published", pendingTask: false } }],
  },
  strange: { status: "failed", pendingTask: false },
};

const ID = "4b8b1d5e-0d1a-4a5b-9c2d-1a2b3c4d5e6f";
const aRun = (status: string, outcome?: string, more: object = {}) => ({
  runID: ID,
  taskID: "t",
  status,
  ...(outcome ? { outcome } : {}),
  progress: { expectedNbOfEvents: 200, receivedNbOfEvents: 50 },
  createdAt: "2026-11-20T08:00:00Z",
  startedAt: "2026-11-20T08:00:01Z",
  ...more,
});

/** Algolia's ingestion runs. */
export const algoliaRunVendor: SyncVendor = {
  provider: run,
  env: (url) => ({ ...env, ALGOLIA_INGESTION_URL: url }),
  ref: ID,
  auth,
  refusal,
  notFound: { status: 404, body: { message: "Run not found", status: 404 } },
  path: new RegExp(`^/1/runs/${ID}$`),
  states: {
    waiting: [{ document: aRun("created") }],
    running: [{ document: aRun("started"), percent: 25 }],
    succeeded: [{ document: aRun("finished", "success") }],
    failed: [
      { document: aRun("finished", "failure", { reasonCode: "source_unreachable" }), reason: "source_unreachable" },
    ],
    skipped: [{ document: aRun("finished", "skipped") }],
  },
  strange: aRun("idled"),
};
