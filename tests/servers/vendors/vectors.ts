import pinecone, { bulkImport } from "../../../plugins/wait-kinds/providers/indexes/pinecone.ts";
import qdrant from "../../../plugins/wait-kinds/providers/indexes/qdrant.ts";
import typesense from "../../../plugins/wait-kinds/providers/indexes/typesense.ts";
import weaviate from "../../../plugins/wait-kinds/providers/indexes/weaviate.ts";
import type { SyncVendor } from "./sync.ts";

const collection = (status: string, more: object = {}) => ({
  result: {
    status,
    optimizer_status: "ok",
    indexed_vectors_count: 6000,
    points_count: 10000,
    segments_count: 4,
    ...more,
  },
  status: "ok",
  time: 0.0001,
});

/** Qdrant's collection information. */
export const qdrantVendor: SyncVendor = {
  provider: qdrant,
  env: (url) => ({ QDRANT_URL: url, QDRANT_API_KEY: "qdrant-secret" }),
  ref: "docs",
  auth: ["api-key", "qdrant-secret"],
  refusal: { status: 401, body: "Must provide an API key or an Authorization bearer token" },
  notFound: { status: 404, body: { status: { error: "Not found: Collection `docs` doesn't exist!" }, time: 0 } },
  path: /^\/collections\/docs$/,
  states: {
    running: [{ document: collection("yellow"), percent: 60 }],
    succeeded: [{ document: collection("green") }],
    failed: [
      { document: collection("red") },
      {
        document: collection("yellow", { optimizer_status: { error: "Service internal error: no space left" } }),
        reason: "no space left",
        evidence: "no space left",
      },
    ],
    blocked: [{ document: collection("grey"), reason: "any update of the collection starts them" }],
  },
  strange: collection("purple"),
};

/** Typesense's list of running schema changes. */
export const typesenseVendor: SyncVendor = {
  provider: typesense,
  env: (url) => ({ TYPESENSE_URL: url, TYPESENSE_API_KEY: "typesense-secret" }),
  ref: "products",
  auth: ["x-typesense-api-key", "typesense-secret"],
  refusal: { status: 401, body: { message: "Forbidden - a valid `x-typesense-api-key` header must be sent." } },
  notFound: { status: 404, body: { message: "Not Found" } },
  path: /^\/operations\/schema_changes$/,
  states: {
    running: [
      { document: [{ collection: "products", validated_docs: 500, altered_docs: 250 }] },
      { document: [{ collection: "companies", validated_docs: 1, altered_docs: 1 }] },
    ],
    succeeded: [{ document: [] }],
  },
  strange: null,
};

const node = (shards: object[], status = "HEALTHY") => ({
  nodes: [
    {
      name: "node1",
      status,
      version: "1.33.0",
      gitHash: "abc",
      stats: { objectCount: 10, shardCount: shards.length },
      shards,
    },
  ],
});
const shard = (vectorIndexingStatus: string, vectorQueueLength = 0) => ({
  name: "s1",
  class: "Docs",
  objectCount: 10,
  vectorIndexingStatus,
  vectorQueueLength,
  compressed: false,
  loaded: true,
});

/** Weaviate's nodes with their shards. */
export const weaviateVendor: SyncVendor = {
  provider: weaviate,
  env: (url) => ({ WEAVIATE_URL: url, WEAVIATE_API_KEY: "weaviate-secret" }),
  ref: "Docs",
  auth: ["authorization", "Bearer weaviate-secret"],
  refusal: { status: 401, body: { code: 401, message: "unauthorized: invalid api key" } },
  notFound: { status: 404, body: { error: [{ message: "class Docs not found" }] } },
  path: /^\/v1\/nodes\/Docs$/,
  states: {
    running: [
      { document: node([shard("READY"), shard("INDEXING")]) },
      { document: node([shard("READY"), shard("READY", 12)]), reason: "vectors wait in the queue" },
      { document: node([shard("READY")], "UNHEALTHY"), reason: "a node is not healthy" },
    ],
    succeeded: [{ document: node([shard("READY"), shard("READY")]) }],
    blocked: [{ document: node([shard("READONLY"), shard("INDEXING")]) }],
  },
  strange: node([shard("READY"), shard("DREAMING")]),
};

const index = (state: string) => ({
  name: "docs",
  metric: "cosine",
  dimension: 3,
  host: "docs-1.svc.pinecone.io",
  status: { ready: state === "Ready", state },
});
const pineconeAuth = ["api-key", "pinecone-secret"] as const;
const refusal = { status: 401, body: { error: { code: "UNAUTHENTICATED", message: "Invalid API key." }, status: 401 } };

/** Pinecone's indexes. */
export const pineconeVendor: SyncVendor = {
  provider: pinecone,
  env: (url) => ({ PINECONE_URL: url, PINECONE_API_KEY: "pinecone-secret" }),
  ref: "docs",
  auth: pineconeAuth,
  refusal,
  notFound: { status: 404, body: { error: { code: "NOT_FOUND", message: "Resource docs not found" }, status: 404 } },
  path: /^\/indexes\/docs$/,
  states: {
    running: ["Initializing", "ScalingUp", "ScalingDownPodSize"].map((state) => ({ document: index(state) })),
    succeeded: [{ document: index("Ready") }],
    failed: [{ document: index("InitializationFailed") }],
    blocked: [{ document: index("Disabled") }],
    cancelled: [{ document: index("Terminating") }],
  },
  strange: index("Meditating"),
};

const anImport = (status: string, more: object = {}) => ({
  id: "101",
  uri: "s3://b/p",
  status,
  createdAt: "2026-11-20T08:00:00Z",
  percentComplete: 12.5,
  recordsImported: 100,
  ...more,
});

/** Pinecone's bulk imports. */
export const pineconeImportVendor: SyncVendor = {
  provider: bulkImport,
  env: (url) => ({
    PINECONE_INDEX_URL: url,
    PINECONE_API_KEY: "pinecone-secret",
    PINECONE_INDEX_HOST: "docs-1.svc.pinecone.io",
  }),
  ref: "101",
  auth: pineconeAuth,
  refusal,
  notFound: { status: 404, body: { code: 5, message: "Operation not found" } },
  path: /^\/bulk\/imports\/101$/,
  states: {
    waiting: [{ document: anImport("Pending") }],
    running: [{ document: anImport("InProgress"), percent: 12.5 }],
    succeeded: [{ document: anImport("Completed", { percentComplete: 100 }) }],
    failed: [
      {
        document: anImport("Failed", { error: "Error reading s3://b/p" }),
        reason: "Error reading",
        evidence: "Error reading",
      },
    ],
    cancelled: [{ document: anImport("Cancelled") }],
  },
  strange: anImport("Paused"),
};
