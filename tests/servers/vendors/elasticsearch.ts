import elasticsearch, { opensearch } from "../../../plugins/wait-kinds/providers/indexes/elasticsearch.ts";
import type { SyncVendor } from "./sync.ts";

const NODE = "oTUltX4IQMOUUVeiohTt8A";
const task = (completed: boolean, more: object = {}) => ({
  completed,
  task: {
    node: NODE,
    id: 124,
    type: "transport",
    action: "indices:data/write/reindex",
    status: { total: 12000, created: 4000, updated: 1000, deleted: 0, noops: 0, version_conflicts: 1000, batches: 6 },
    description: "reindex from [old] to [new]",
    start_time_in_millis: 1795161600000,
    running_time_in_nanos: 10000000,
    cancellable: true,
    cancelled: false,
    headers: {},
  },
  ...more,
});
const response = (more: object = {}) => ({
  took: 12000,
  timed_out: false,
  total: 12000,
  created: 12000,
  failures: [],
  ...more,
});

/** Elasticsearch's task API. */
export const elasticsearchVendor: SyncVendor = {
  provider: elasticsearch,
  env: (url) => ({ ELASTICSEARCH_URL: url, ELASTIC_API_KEY: "es-secret-key" }),
  ref: `${NODE}:124`,
  auth: ["authorization", "ApiKey es-secret-key"],
  refusal: {
    status: 401,
    body: {
      error: { type: "security_exception", reason: "unable to authenticate with provided credentials" },
      status: 401,
    },
  },
  notFound: {
    status: 404,
    body: {
      error: {
        type: "resource_not_found_exception",
        reason: `task [${NODE}:124] isn't running and hasn't stored its results`,
      },
      status: 404,
    },
  },
  // The vendor's client takes no server without it for its own.
  headers: { "x-elastic-product": "Elasticsearch" },
  path: new RegExp(`^/_tasks/${NODE}(?::|%3A)124$`),
  states: {
    running: [{ document: task(false), percent: 50 }],
    succeeded: [{ document: task(true, { response: response() }) }],
    failed: [
      {
        document: task(true, {
          error: { type: "illegal_argument_exception", reason: "mapper [price] cannot be changed" },
        }),
        reason: "illegal_argument_exception: mapper [price] cannot be changed",
      },
      {
        document: task(true, {
          response: response({
            failures: [
              { index: "new", id: "1", cause: { type: "x", reason: "failed to parse field [price]" }, status: 400 },
            ],
          }),
        }),
        evidence: "failed to parse field [price]",
      },
      { document: task(true, { response: response({ timed_out: true }) }) },
    ],
    cancelled: [
      { document: task(true, { response: response({ canceled: "by user request" }) }), reason: "by user request" },
    ],
  },
  strange: { ...task(false), completed: "nearly" },
};

/** The same under OpenSearch's name, with a user and a password. */
export const opensearchVendor: SyncVendor = {
  ...elasticsearchVendor,
  provider: opensearch,
  env: (url) => ({ OPENSEARCH_URL: url, OPENSEARCH_USERNAME: "admin", OPENSEARCH_PASSWORD: "os-secret-word" }),
  auth: ["authorization", "Basic YWRtaW46b3Mtc2VjcmV0LXdvcmQ="],
};
