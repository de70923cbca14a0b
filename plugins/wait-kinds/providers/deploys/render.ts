import { defineProvider } from "../../../../src/provider.ts";

/** Render. `deactivated` was live and made room for a newer deploy. */
export default defineProvider({
  name: "render",
  title: "Render",
  waits: "deploy",
  checked: "the vendor's documents only",
  base: { url: "https://api.render.com", env: "RENDER_API_URL" },
  headers: { authorization: "Bearer {env:RENDER_API_KEY}" },
  params: {
    service: { description: "service id (srv-…)", env: "RENDER_SERVICE_ID" },
    owner: { description: "workspace id, for log lines", env: "RENDER_OWNER_ID", optional: true },
  },
  detect: { files: ["render.yaml"], branches: "default" },
  refs: ["(?<id>dep-[a-z0-9]+)"],
  onGitHub: { creators: ["render\\[bot\\]"] },
  find: {
    request: { path: "/v1/services/{service}/deploys", query: { limit: "20" } },
    items: "/*/deploy",
    id: "/id",
    commit: ["/commit/id"],
    created: "/createdAt",
  },
  request: { path: "/v1/services/{service}/deploys/{id}" },
  state: "/status",
  states: {
    waiting: ["created", "queued"],
    running: ["build_in_progress", "pre_deploy_in_progress", "update_in_progress"],
    succeeded: ["live"],
    failed: ["build_failed", "pre_deploy_failed", "update_failed"],
    cancelled: ["canceled"],
    superseded: ["deactivated"],
  },
  progress: { phase: "/status" },
  startedAt: "/createdAt",
  endedAt: "/finishedAt",
  evidence: {
    request: { path: "/v1/logs", query: { ownerId: "{owner}", resource: "{service}", limit: "100" } },
    lines: "/logs",
    text: "/message",
  },
});
