import { defineProvider } from "../../../../src/provider.ts";

/** A Qdrant collection until its optimizers are done. `indexed_vectors_count` may stay below the points: it is no test. */
export default defineProvider({
  name: "qdrant",
  title: "Qdrant",
  waits: "index-sync",
  checked: "the vendor's npm client accepted such a server once",
  base: { url: "http://localhost:6333", env: "QDRANT_URL" },
  headers: { "api-key": "{env:QDRANT_API_KEY?}" },
  refs: ["(?:collections?/)?(?<collection>[^/:]+)", "(?<base>https?://[^/]+)/collections/(?<collection>[^/]+)"],
  label: "collection {collection}",
  request: { path: "/collections/{collection}" },
  root: "/result",
  state: "/status",
  states: { running: ["yellow"], succeeded: ["green"], failed: ["red"], blocked: ["grey"] },
  rules: [
    { when: [{ at: "/optimizer_status/error", present: true }], is: "failed", reason: "{/optimizer_status/error}" },
    {
      when: [{ at: "/status", is: ["grey"] }],
      is: "blocked",
      reason: "optimizations are pending since a restart: any update of the collection starts them",
    },
  ],
  progress: { done: "/indexed_vectors_count", total: "/points_count" },
  evidence: { lines: "/optimizer_status/error" },
  settle: { looks: 2, confirmS: 2 },
});
