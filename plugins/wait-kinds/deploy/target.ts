import { GitHubError, holeError, holeOf, textAt } from "../../../src/github.ts";
import { askGit, oneLine, type PluginContext, RefError, type WaitRequest } from "../../../src/plugin.ts";

/** The commit of a reference and where it was found. */
export interface Commit {
  readonly sha: string;
  readonly note?: string;
  readonly environment?: string;
  /** Number of a GitHub deployment. */
  readonly deployment?: string;
}

/** The folder that git calls the root of the repository, or null. */
export async function rootOf(context: PluginContext): Promise<string | null> {
  return (await askGit(context, ["rev-parse", "--show-toplevel"])) || null;
}

/** The commit of a reference as far as this clone knows; null when it knows none. */
export async function localCommit({ ref, pushed }: WaitRequest, context: PluginContext): Promise<Commit | null> {
  if (ref === null && pushed) return { sha: pushed.sha };
  const name = /^https?:\/\/[^/]+\/[^/]+\/[^/]+\/commits?\/([0-9a-f]{40})\/?$/i.exec(ref ?? "")?.[1] ?? ref ?? "HEAD";
  if (name.startsWith("-")) throw new RefError(`Cannot watch "${oneLine(name)}": it begins with a dash`);
  const sha = await askGit(context, ["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
  if (sha === null || !/^[0-9a-f]{40}$/.test(sha)) {
    if (ref === null) throw new RefError("Cannot tell what was deployed: there is no commit here, so name one");
    return /^[0-9a-f]{40}$/.test(name) ? { sha: name } : null;
  }
  const isMoving = ref !== null && !sha.startsWith(ref.toLowerCase());
  return {
    sha,
    ...(isMoving
      ? { note: `${oneLine(ref, 60)} is ${sha.slice(0, 7)} now; what is pushed later is another deploy` }
      : {}),
  };
}

/** The commit of a reference as GitHub knows it: a branch or tag, the number of a deployment, or an environment's newest deployment. */
export async function remoteCommit(ref: string, context: PluginContext): Promise<Commit | null> {
  if (!context.repo) return null;
  if (/^\d+$/.test(ref)) return byNumber(ref, context);
  const text = JSON.stringify(ref);
  const { data, problems } = await context.github.repository(
    context.repo,
    `object(expression: ${text}) { ... on Commit { oid } }
     deployments(environments: [${text}], first: 1, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { databaseId commitOid environment } }`,
  );
  const sha = textAt(data, "object", "oid");
  const [problem] = problems;
  if (sha === null && problem) throw holeError(holeOf(problem), `what ${oneLine(ref, 60)} is in ${context.repo}`);
  if (sha) return { sha, note: `${oneLine(ref, 60)} is ${sha.slice(0, 7)} on GitHub now` };
  const [newest] = listOf(data);
  const deployed = textAt(newest, "commitOid");
  if (!deployed) return null;
  const environment = textAt(newest, "environment") ?? ref;
  return {
    sha: deployed,
    environment,
    note: `the newest deployment to ${oneLine(environment, 60)} is of ${deployed.slice(0, 7)}`,
  };
}

function listOf(data: unknown): readonly unknown[] {
  const nodes = (data as { deployments?: { nodes?: unknown } } | null)?.deployments?.nodes;
  return Array.isArray(nodes) ? nodes : [];
}

async function byNumber(ref: string, context: PluginContext): Promise<Commit | null> {
  try {
    const found = await context.github.rest<unknown>(`repos/${context.repo}/deployments/${ref}`);
    const sha = textAt(found, "sha");
    return sha ? { sha, deployment: ref } : null;
  } catch (error) {
    if (error instanceof GitHubError && error.problem === "not-found") return null;
    throw error;
  }
}
