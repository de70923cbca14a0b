import { defineProvider } from "../../../../src/provider.ts";

/** The shards of a Weaviate collection: done when all are READY and no vector waits in a queue. */
export default defineProvider({
  name: "weaviate",
  title: "Weaviate",
  waits: "index-sync",
  checked: "the vendor's API types only",
  base: { url: "http://localhost:8080", env: "WEAVIATE_URL" },
  headers: { authorization: "Bearer {env:WEAVIATE_API_KEY?}" },
  refs: ["(?<collection>[A-Za-z][A-Za-z0-9_]*)"],
  label: "collection {collection}",
  request: { path: "/v1/nodes/{collection}", query: { output: "verbose" } },
  state: "/nodes/*/shards/*/vectorIndexingStatus",
  states: { running: ["INDEXING", "LAZY_LOADING"], succeeded: ["READY"], blocked: ["READONLY"] },
  rules: [
    { when: [{ at: "/nodes/*/status", not: ["HEALTHY"] }], is: "running", reason: "a node is not healthy" },
    {
      when: [{ at: "/nodes/*/shards/*/vectorQueueLength", atLeast: 1 }],
      is: "running",
      reason: "vectors wait in the queue",
    },
  ],
  settle: { looks: 2, confirmS: 2 },
});
