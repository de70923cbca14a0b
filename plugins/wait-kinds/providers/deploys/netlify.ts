import { defineProvider } from "../../../../src/provider.ts";

/** Netlify. Its API publishes no list of states: only `ready` is success, only `error` and `rejected` are failures. */
export default defineProvider({
  name: "netlify",
  title: "Netlify",
  waits: "deploy",
  checked: "the vendor's API description 2.60.0, which lists no states; its CLI 26.2.0 accepted such a server once",
  base: { url: "https://api.netlify.com", env: "NETLIFY_API_URL" },
  headers: { authorization: "Bearer {env:NETLIFY_AUTH_TOKEN}" },
  params: {
    site: {
      description: "site id",
      env: "NETLIFY_SITE_ID",
      files: [{ file: ".netlify/state.json", match: '"siteId"\\s*:\\s*"([^"]+)"' }],
    },
  },
  detect: { files: ["netlify.toml", ".netlify/state.json"], branches: "all" },
  refs: ["(?<id>[0-9a-f]{24})", "https?://app\\.netlify\\.com/(?:projects|sites)/[^/]+/deploys/(?<id>[0-9a-f]{24})/?"],
  onGitHub: {
    contexts: ["netlify/.+/deploy-preview", "netlify/.+/deploy", "deploy/netlify"],
    ignore: ["Header rules - .*", "Pages changed - .*", "Redirect rules - .*"],
    id: "/deploys/([0-9a-f]{24})",
  },
  find: {
    request: { path: "/api/v1/sites/{site}/deploys", query: { per_page: "50" } },
    items: "",
    id: "/id",
    commit: ["/commit_ref"],
    environment: "/context",
    created: "/created_at",
  },
  request: { path: "/api/v1/deploys/{id}" },
  state: "/state",
  states: {
    waiting: ["new", "enqueued"],
    running: ["building", "uploading", "uploaded", "preparing", "prepared", "processing", "retrying"],
    succeeded: ["ready"],
    failed: ["error", "rejected"],
    blocked: ["pending_review"],
  },
  rules: [
    { when: [{ at: "/skipped", is: ["true"] }], is: "skipped", reason: "Netlify skipped it: {/error_message}" },
    {
      when: [
        { at: "/state", is: ["error"] },
        { at: "/error_message", matches: "^cancell?ed" },
      ],
      is: "cancelled",
      reason: "{/error_message}",
    },
    {
      when: [
        { at: "/state", is: ["ready"] },
        { at: "/context", is: ["production"] },
        { at: "/published_at", present: false },
        { at: "/locked", is: ["true"] },
      ],
      is: "blocked",
      reason: "built, but publishing is locked: somebody has to publish it",
    },
    {
      when: [
        { at: "/state", is: ["ready"] },
        { at: "/context", is: ["production"] },
        { at: "/published_at", present: false },
        { at: "/locked", present: true },
      ],
      is: "running",
      reason: "built, not published yet",
    },
  ],
  reason: ["/error_message"],
  url: "{/deploy_ssl_url}",
  startedAt: "/created_at",
  endedAt: "/published_at",
  evidence: { lines: "/error_message" },
});
