import { defineProvider } from "../../../../src/provider.ts";

const builds = "/accounts/{account}/builds";

/** Cloudflare Workers Builds: builds of one Worker, named by its script tag (not by its name). */
export default defineProvider({
  name: "workers-builds",
  title: "Cloudflare Workers Builds",
  waits: "deploy",
  checked: "the vendor's API reference only",
  base: { url: "https://api.cloudflare.com/client/v4", env: "CLOUDFLARE_API_BASE_URL" },
  headers: { authorization: "Bearer {env:CLOUDFLARE_API_TOKEN}" },
  params: {
    account: {
      description: "account id",
      env: "CLOUDFLARE_ACCOUNT_ID",
      files: ["wrangler.toml", "wrangler.jsonc", "wrangler.json"].map((file) => ({
        file,
        match: '^\\s*"?account_id"?\\s*[=:]\\s*"([0-9a-f]{32})"',
      })),
    },
    script: { description: "the Worker's script tag", env: "CLOUDFLARE_WORKER_TAG" },
  },
  onGitHub: { checks: [{ app: "cloudflare-workers-and-pages", name: "Workers Builds: .+" }] },
  find: {
    request: { path: `${builds}/workers/{script}/builds` },
    items: "/result",
    id: "/build_uuid",
    commit: ["/build_trigger_metadata/commit_hash"],
    created: "/created_on",
  },
  request: { path: `${builds}/builds/{id}` },
  root: "/result",
  problem: "/errors/0/message",
  state: "/build_outcome",
  states: {
    running: ["null"],
    succeeded: ["success"],
    failed: ["fail", "terminated"],
    cancelled: ["cancelled"],
    skipped: ["skipped"],
  },
  rules: [
    {
      when: [
        { at: "/build_outcome", is: ["null"] },
        { at: "/status", is: ["queued"] },
      ],
      is: "waiting",
    },
  ],
  progress: { phase: "/status" },
  startedAt: "/running_on",
  endedAt: "/stopped_on",
  evidence: { request: { path: `${builds}/builds/{id}/logs` }, lines: "/result/lines/*/1" },
});
