import { defineProvider } from "../../../../src/provider.ts";

const STAGES = ["queued", "initialize", "clone_repo", "build", "deploy"];
const deployments = "/accounts/{account}/pages/projects/{project}/deployments";
const inStage = (...statuses: string[]) => STAGES.flatMap((stage) => statuses.map((status) => `${stage}:${status}`));

/** Cloudflare Pages. Only the stage `deploy` with `success` serves; `build:success` is half-way. */
export default defineProvider({
  name: "cloudflare-pages",
  title: "Cloudflare Pages",
  waits: "deploy",
  checked: "types of the vendor's SDK; its wrangler 4.86.0 accepted such a server once",
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
    project: {
      description: "project name",
      env: "CLOUDFLARE_PAGES_PROJECT",
      files: ["wrangler.toml", "wrangler.jsonc", "wrangler.json"].map((file) => ({
        file,
        match: '^\\s*"?name"?\\s*[=:]\\s*"([^"]+)"',
      })),
    },
  },
  detect: {
    files: ["wrangler.toml", "wrangler.json", "wrangler.jsonc"],
    content: "pages_build_output_dir",
    branches: "all",
  },
  refs: [
    "(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
    "https?://dash\\.cloudflare\\.com/(?<account>[0-9a-f]{32})/pages/view/(?<project>[^/]+)/(?<id>[0-9a-f-]{36})/?",
  ],
  onGitHub: {
    checks: [{ app: "cloudflare-workers-and-pages", name: "Cloudflare Pages.*" }],
    id: "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
  },
  find: {
    request: { path: deployments, query: { env: "{environment}" } },
    items: "/result",
    id: "/id",
    commit: ["/deployment_trigger/metadata/commit_hash"],
    environment: "/environment",
    created: "/created_on",
  },
  request: { path: `${deployments}/{id}` },
  root: "/result",
  problem: "/errors/0/message",
  state: ["/latest_stage/name", "/latest_stage/status"],
  states: {
    waiting: ["queued:idle", "queued:active"],
    running: inStage("idle", "active", "success").filter(
      (state) => !["queued:idle", "queued:active", "deploy:success"].includes(state),
    ),
    succeeded: ["deploy:success"],
    failed: inStage("failure"),
    cancelled: inStage("canceled"),
    skipped: inStage("skipped"),
  },
  rules: [
    { when: [{ at: "/is_skipped", is: ["true"] }], is: "skipped", reason: "Cloudflare skipped this commit" },
    {
      when: [{ at: "/latest_stage/status", is: ["failure"] }],
      is: "failed",
      reason: "stage {/latest_stage/name} failed",
    },
  ],
  progress: { steps: { at: "/latest_stage/name", order: STAGES } },
  url: "{/url}",
  startedAt: "/created_on",
  endedAt: "/latest_stage/ended_on",
  evidence: { request: { path: `${deployments}/{id}/history/logs` }, lines: "/result/data", text: "/line" },
});
