import { defineProvider, type Provider } from "../../../../src/provider.ts";

/** One task (`node:id`) of Elasticsearch: a reindex, an update or delete by query, started with `wait_for_completion=false`. */
const elasticsearch = defineProvider({
  name: "elasticsearch",
  title: "Elasticsearch",
  waits: "index-sync",
  checked: "the vendor's npm client 9.4.3 accepts the test server (contract test)",
  base: { url: "http://localhost:9200", env: "ELASTICSEARCH_URL" },
  headers: { authorization: "ApiKey {env:ELASTIC_API_KEY?}" },
  basic: { user: "ELASTIC_USERNAME", password: "ELASTIC_PASSWORD" },
  refs: ["(?<id>[A-Za-z0-9_-]+:\\d+)", "(?<base>https?://.+)/_tasks/(?<id>[A-Za-z0-9_-]+(?::|%3A)\\d+)"],
  label: "task {id}",
  request: { path: "/_tasks/{id}" },
  missing: "unknown",
  state: "/completed",
  states: { running: ["false"], succeeded: ["true"] },
  rules: [
    { when: [{ at: "/error", present: true }], is: "failed", reason: "{/error/type}: {/error/reason}" },
    {
      when: [{ at: "/response/failures", present: true }],
      is: "failed",
      reason: "documents failed: {/response/failures/0/cause/reason}",
    },
    { when: [{ at: "/response/canceled", present: true }], is: "cancelled", reason: "{/response/canceled}" },
    { when: [{ at: "/response/timed_out", is: ["true"] }], is: "failed", reason: "it timed out on the server" },
  ],
  progress: {
    done: ["created", "updated", "deleted", "noops", "version_conflicts"].map((name) => `/task/status/${name}`),
    total: "/task/status/total",
  },
  startedAt: "/task/start_time_in_millis",
  evidence: { lines: "/response/failures", text: "/cause/reason" },
} satisfies Provider);

export default elasticsearch;

/** The same API under OpenSearch's name. */
export const opensearch = defineProvider({
  ...elasticsearch,
  name: "opensearch",
  title: "OpenSearch",
  checked: "the same description as Elasticsearch; no OpenSearch client was tried",
  base: { url: "http://localhost:9200", env: "OPENSEARCH_URL" },
  headers: {},
  basic: { user: "OPENSEARCH_USERNAME", password: "OPENSEARCH_PASSWORD" },
});
