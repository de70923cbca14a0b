import { defineProvider } from "../../../../src/provider.ts";

const team = { teamId: "{team}" };
const projectFile = ".vercel/project.json";

/** Vercel. READY means built; it serves production once its alias is assigned. */
export default defineProvider({
  name: "vercel",
  title: "Vercel",
  waits: "deploy",
  checked: "the vendor's CLI 59.25.4 accepts the test server (contract test); types of its SDK 1.28.35",
  base: { url: "https://api.vercel.com", env: "VERCEL_API_URL" },
  headers: { authorization: "Bearer {env:VERCEL_TOKEN}" },
  params: {
    project: {
      description: "project id",
      env: "VERCEL_PROJECT_ID",
      files: [{ file: projectFile, match: '"projectId"\\s*:\\s*"([^"]+)"' }],
    },
    team: {
      description: "team id",
      env: "VERCEL_ORG_ID",
      envMatch: "^team_",
      files: [{ file: projectFile, match: '"orgId"\\s*:\\s*"(team_[^"]+)"' }],
      optional: true,
    },
  },
  detect: { files: ["vercel.json", "vercel.ts", ".vercel/project.json"], branches: "all" },
  refs: ["(?<id>dpl_[A-Za-z0-9]+)", "(?:https?://)?(?<id>[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.vercel\\.app)/?"],
  onGitHub: {
    creators: ["vercel\\[bot\\]"],
    contexts: ["Vercel(?: [–-] .+| Deployments .*)?"],
    ignore: ["Vercel Preview Comments", "Vercel Agent Review"],
    id: "^https?://([a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.vercel\\.app)",
    blocked: "upgradeToPro|build-rate-limit|authorization required|must be a member",
    skipped: "ignored build step|^skipped\\b",
  },
  find: {
    request: {
      path: "/v6/deployments",
      query: { projectId: "{project}", ...team, "meta-githubCommitSha": "{sha}", limit: "20" },
    },
    others: { path: "/v6/deployments", query: { projectId: "{project}", ...team, limit: "20" } },
    items: "/deployments",
    id: "/uid",
    commit: ["/meta/githubCommitSha", "/meta/gitlabCommitSha", "/meta/bitbucketCommitSha"],
    environment: "/target",
    defaultEnvironment: "preview",
    created: "/created",
  },
  request: { path: "/v13/deployments/{id}", query: team },
  state: "/readyState",
  states: {
    waiting: ["QUEUED"],
    running: ["INITIALIZING", "BUILDING"],
    succeeded: ["READY"],
    failed: ["ERROR"],
    cancelled: ["CANCELED", "DELETED"],
    blocked: ["BLOCKED"],
  },
  rules: [
    {
      when: [
        { at: "/readyState", is: ["CANCELED"] },
        { at: "/errorMessage", matches: "ignored build step" },
      ],
      is: "skipped",
      reason: "the project's Ignored Build Step left this commit out",
    },
    {
      when: [
        { at: "/readyState", is: ["CANCELED"] },
        { at: "/errorLink", matches: "ignored-build-step" },
      ],
      is: "skipped",
      reason: "the project's Ignored Build Step left this commit out",
    },
    {
      when: [
        { at: "/readyState", is: ["READY"] },
        { at: "/aliasError", present: true },
      ],
      is: "failed",
      reason: "built, but its domain could not be assigned: {/aliasError/message}",
    },
    {
      when: [
        { at: "/readyState", is: ["READY"] },
        { at: "/target", is: ["production"] },
        { at: "/aliasAssigned", present: false },
        { at: "/autoAssignCustomDomains", is: ["false"] },
      ],
      is: "blocked",
      reason: "built and staged: somebody has to promote it",
    },
    {
      when: [
        { at: "/readyState", is: ["READY"] },
        { at: "/target", is: ["production"] },
        { at: "/aliasAssigned", present: false },
      ],
      is: "running",
      reason: "built, its domain is not assigned yet",
    },
  ],
  reason: ["/errorMessage"],
  url: "https://{/url}",
  startedAt: "/buildingAt",
  endedAt: "/ready",
  evidence: {
    request: {
      path: "/v3/deployments/{id}/events",
      query: { ...team, direction: "forward", follow: "0", format: "lines" },
      format: "ndjson",
    },
    lines: "",
    text: "/text",
  },
});
