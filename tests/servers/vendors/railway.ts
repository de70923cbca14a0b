import { buildSchema, graphqlSync } from "graphql";
import railway from "../../../plugins/wait-kinds/providers/deploys/railway.ts";
import type { Asked } from "./harness.ts";
import { type DeployVendor, type Item, iso, newestFirst, type World } from "./world.ts";

/** The part of the vendor's published schema that is asked. */
const schema = buildSchema(`
  scalar DateTime
  scalar DeploymentMeta
  enum DeploymentStatus { BUILDING CRASHED DEPLOYING FAILED INITIALIZING NEEDS_APPROVAL QUEUED REMOVED REMOVING SKIPPED SLEEPING SUCCESS WAITING HIBERNATING }
  input DeploymentListInput { environmentId: String includeDeleted: Boolean projectId: String serviceId: String }
  type Deployment { id: String! status: DeploymentStatus! createdAt: DateTime! meta: DeploymentMeta url: String staticUrl: String environmentId: String! }
  type Edge { node: Deployment! cursor: String! }
  type Connection { edges: [Edge!]! }
  type Log { message: String! timestamp: String! severity: String }
  type Query {
    deployments(input: DeploymentListInput!, first: Int, after: String): Connection!
    deployment(id: String!): Deployment
    buildLogs(deploymentId: String!, filter: String, limit: Int): [Log!]!
  }
`);

function deployment({ id, sha, state, at }: Item) {
  return {
    id,
    status: state,
    createdAt: iso(at),
    meta: { commitHash: sha, branch: "main" },
    url: null,
    staticUrl: "web.up.railway.app",
    environmentId: "env-1",
  };
}

function execute(world: World, { body }: Asked) {
  const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
  const rootValue = {
    deployments: ({ input }: { input: { projectId?: string } }) => ({
      edges: newestFirst(world)
        .filter(() => input.projectId === "prj-1")
        .map((item) => ({ cursor: item.id, node: deployment(item) })),
    }),
    deployment: ({ id }: { id: string }) => {
      const item = world.items.find((one) => one.id === id);
      return item ? deployment(item) : null;
    },
    buildLogs: () => world.log.map((message) => ({ message, timestamp: iso(1), severity: "error" })),
  };
  return { body: graphqlSync({ schema, source: query, rootValue, variableValues: variables }) };
}

/** Railway's API: it executes the published schema and answers 200 with `errors` to a wrong token. */
export const railwayVendor: DeployVendor = {
  provider: railway,
  env: (url) => ({ RAILWAY_API_URL: url, RAILWAY_TOKEN: "railway-secret-token", RAILWAY_PROJECT_ID: "prj-1" }),
  states: {
    waiting: ["QUEUED", "WAITING"],
    running: ["INITIALIZING", "BUILDING", "DEPLOYING"],
    succeeded: ["SUCCESS", "SLEEPING"],
    failed: ["FAILED", "CRASHED"],
    blocked: ["NEEDS_APPROVAL"],
    superseded: ["REMOVED", "REMOVING"],
    skipped: ["SKIPPED"],
  },
  ids: [
    "aaaaaaaa-1111-4111-8111-111111111111",
    "bbbbbbbb-2222-4222-8222-222222222222",
    "cccccccc-3333-4333-8333-333333333333",
    "dddddddd-4444-4444-8444-444444444444",
  ],
  hasLog: true,
  server: (world: World) => ({
    allows: (headers) => headers["project-access-token"] === "railway-secret-token",
    refusal: {
      status: 200,
      body: { errors: [{ message: "Not Authorized", extensions: { code: "INTERNAL_SERVER_ERROR" } }], data: null },
    },
    notFound: { status: 404, body: { message: "Not Found" } },
    routes: [["POST", /^\/graphql\/v2$/, (asked) => execute(world, asked)]],
  }),
};
