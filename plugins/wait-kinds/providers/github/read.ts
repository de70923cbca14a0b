import {
  at,
  commitField,
  type GitHub,
  type GitHubError,
  type Hole,
  holeError,
  isWithheld,
  PAGE_FIELDS,
  pageArguments,
  problemAt,
  readConnection,
} from "../../../../src/github.ts";
import type { Pattern } from "../../../../src/plugin.ts";
import { type GitHubItem, readContext, readDeployment } from "./items.ts";

/** What GitHub shows of a commit's deploys. */
export interface Shown {
  readonly items: readonly GitHubItem[];
  /** A part could not be read now. */
  readonly missing: GitHubError | null;
  /** A part may not be read by this login. */
  readonly withheld: GitHubError | null;
}

const deploymentsOf = (
  after?: string | null,
  size?: number,
) => `deployments(${pageArguments(after, size)}, orderBy: {field: CREATED_AT, direction: ASC}) { ${PAGE_FIELDS} nodes {
  databaseId environment description createdAt creator { login }
  latestStatus { state description logUrl environmentUrl createdAt } statuses(first: 5) { nodes { state } } } }`;

const contexts = (
  after?: string | null,
  size?: number,
) => `statusCheckRollup { contexts(${pageArguments(after, size)}) {
  ${PAGE_FIELDS} nodes { __typename
    ... on CheckRun { name status conclusion detailsUrl externalId title summary startedAt completedAt checkSuite { app { slug } } }
    ... on StatusContext { context state description targetUrl createdAt } } } }`;

/** Deployments of a commit, and its check runs and statuses that are deploys: one request, more only beyond a hundred of either. */
export async function readShown(github: GitHub, repo: string, sha: string, wanted: readonly Pattern[]): Promise<Shown> {
  const answer = await github.repository(repo, commitField(sha, `${deploymentsOf()} ${contexts()}`));
  const path = ["commit", "statusCheckRollup", "contexts"];
  if (at(answer.data, "commit") === null && !problemAt(answer.problems, ["commit"])) {
    return { items: [], missing: null, withheld: null };
  }
  const page = (of: typeof contexts) => (after: string | null, size: number) =>
    github.repository(repo, commitField(sha, of(after, size)));
  const deployments = await readConnection(answer, { path: ["commit", "deployments"], next: page(deploymentsOf) });
  // A commit without reports has no roll-up.
  const none = at(answer.data, "commit", "statusCheckRollup") === null && !problemAt(answer.problems, path);
  const reports = none ? { nodes: [], hole: null } : await readConnection(answer, { path, next: page(contexts) });
  const what = `the deploys of ${sha.slice(0, 7)}`;
  const errors = [
    errorOf(deployments.hole, what, '"Deployments: read"'),
    errorOf(reports.hole, what, '"Checks: read" and "Commit statuses: read"'),
  ].filter((error) => error !== null);
  return {
    items: [
      ...deployments.nodes.map(readDeployment),
      ...reports.nodes.flatMap((node) => readContext(node, wanted) ?? []),
    ],
    missing: errors.find(({ problem }) => problem === "partial") ?? null,
    withheld: errors.find(({ problem }) => problem !== "partial") ?? null,
  };
}

function errorOf(hole: Hole | null, what: string, permission: string): GitHubError | null {
  return hole && holeError(hole, what, isWithheld(hole) ? `a token with the permission ${permission}` : undefined);
}
