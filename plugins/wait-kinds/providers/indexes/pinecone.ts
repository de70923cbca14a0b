import { defineProvider } from "../../../../src/provider.ts";

const headers = { "Api-Key": "{env:PINECONE_API_KEY}", "X-Pinecone-API-Version": "2025-10" };

/** A Pinecone index until it is ready. */
export default defineProvider({
  name: "pinecone",
  title: "Pinecone",
  waits: "index-sync",
  checked: "types of the vendor's SDK only",
  base: { url: "https://api.pinecone.io", env: "PINECONE_URL" },
  headers,
  refs: ["(?:indexes/)?(?<index>[a-z0-9-]+)"],
  label: "index {index}",
  request: { path: "/indexes/{index}" },
  state: "/status/state",
  states: {
    running: ["Initializing", "ScalingUp", "ScalingDown", "ScalingUpPodSize", "ScalingDownPodSize"],
    succeeded: ["Ready"],
    failed: ["InitializationFailed"],
    blocked: ["Disabled"],
    cancelled: ["Terminating"],
  },
});

/** A bulk import into a Pinecone index. */
export const bulkImport = defineProvider({
  name: "pinecone-import",
  title: "Pinecone import",
  waits: "index-sync",
  checked: "types of the vendor's SDK only",
  base: { url: "https://{host}", env: "PINECONE_INDEX_URL" },
  headers,
  params: { host: { description: "host of the index", env: "PINECONE_INDEX_HOST", default: "localhost" } },
  refs: ["(?<id>[A-Za-z0-9-]+)"],
  label: "import {id}",
  request: { path: "/bulk/imports/{id}" },
  state: "/status",
  states: {
    waiting: ["Pending"],
    running: ["InProgress"],
    succeeded: ["Completed"],
    failed: ["Failed"],
    cancelled: ["Cancelled"],
  },
  progress: { percent: "/percentComplete" },
  reason: ["/error"],
  startedAt: "/createdAt",
  endedAt: "/finishedAt",
  evidence: { lines: "/error" },
});
