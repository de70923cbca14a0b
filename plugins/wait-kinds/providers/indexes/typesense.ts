import { defineProvider } from "../../../../src/provider.ts";

/** A schema change of a Typesense collection: it stands in a list while it runs; that the list is empty is all that says "done". */
export default defineProvider({
  name: "typesense",
  title: "Typesense",
  waits: "index-sync",
  checked: "the vendor's npm client 3.1 accepted such a server once",
  base: { url: "http://localhost:8108", env: "TYPESENSE_URL" },
  headers: { "X-TYPESENSE-API-KEY": "{env:TYPESENSE_API_KEY}" },
  refs: ["(?:collections?/)?(?<collection>[^/:]+)", "(?<base>https?://[^/]+)/collections/(?<collection>[^/]+)"],
  label: "schema change of {collection}",
  request: { path: "/operations/schema_changes" },
  rules: [
    { when: [{ at: "/*/collection", is: ["{collection}"] }], is: "running", reason: "the change is being applied" },
    { when: [{ at: "/#", is: ["0"] }], is: "succeeded", reason: "no schema change is running" },
  ],
  progress: { done: "/*/altered_docs" },
  settle: { looks: 3, confirmS: 2 },
});
