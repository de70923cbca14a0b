import { defineProvider } from "../../../../src/provider.ts";

const fields = "id status createdAt meta url staticUrl";

/** Railway, through its GraphQL API: the CLI ends after the build. */
export default defineProvider({
  name: "railway",
  title: "Railway",
  waits: "deploy",
  checked: "the queries run against the vendor's published schema (excerpt); source of its CLI",
  base: { url: "https://backboard.railway.com", env: "RAILWAY_API_URL" },
  headers: { "project-access-token": "{env:RAILWAY_TOKEN?}", authorization: "Bearer {env:RAILWAY_API_TOKEN?}" },
  params: {
    project: { description: "project id", env: "RAILWAY_PROJECT_ID" },
    service: { description: "service id", env: "RAILWAY_SERVICE_ID", optional: true },
    environmentId: { description: "environment id", env: "RAILWAY_ENVIRONMENT_ID", optional: true },
  },
  detect: { files: ["railway.json", "railway.toml"], branches: "default" },
  refs: [
    "https?://railway\\.(?:app|com)/project/[^/]+/service/[^/?]+\\?id=(?<id>[0-9a-f-]{36})",
    "(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
  ],
  onGitHub: { creators: ["railway-app\\[bot\\]"] },
  find: {
    request: {
      path: "/graphql/v2",
      method: "POST",
      body: {
        query: `query($input:DeploymentListInput!){deployments(input:$input,first:20){edges{node{${fields}}}}}`,
        variables: { input: { projectId: "{project}", environmentId: "{environmentId}", serviceId: "{service}" } },
      },
    },
    items: "/data/deployments/edges/*/node",
    id: "/id",
    commit: ["/meta/commitHash"],
    created: "/createdAt",
  },
  request: {
    path: "/graphql/v2",
    method: "POST",
    body: { query: `query($id:String!){deployment(id:$id){${fields}}}`, variables: { id: "{id}" } },
  },
  root: "/data/deployment",
  problem: "/errors/0/message",
  state: "/status",
  states: {
    waiting: ["QUEUED", "WAITING"],
    running: ["INITIALIZING", "BUILDING", "DEPLOYING"],
    succeeded: ["SUCCESS", "SLEEPING"],
    failed: ["FAILED", "CRASHED"],
    blocked: ["NEEDS_APPROVAL"],
    superseded: ["REMOVED", "REMOVING"],
    skipped: ["SKIPPED"],
  },
  url: "https://{/staticUrl}",
  startedAt: "/createdAt",
  evidence: {
    request: {
      path: "/graphql/v2",
      method: "POST",
      body: {
        query: "query($id:String!){buildLogs(deploymentId:$id,limit:500){message}}",
        variables: { id: "{id}" },
      },
    },
    lines: "/data/buildLogs",
    text: "/message",
  },
});
