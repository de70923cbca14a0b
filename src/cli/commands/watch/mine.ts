import { UsageError } from "../../../core/errors.ts";
import { PAGE_FIELDS, pageArguments, readConnection } from "../../../github/answer/connection.ts";
import { holeError } from "../../../github/answer/hole.ts";
import { unknownRepository } from "../../../github/hosts.ts";
import { isTrueAt, numberAt } from "../../../github/read.ts";
import type { Context } from "../../program/context.ts";

/**
 * Numbers of the open pull requests of whoever is logged in, in one repository.
 *
 * @throws {UsageError} when no repository is known, {GitHubError} when the list cannot be read.
 */
export async function myPullRequests(flag: string | undefined, context: Context): Promise<readonly number[]> {
  const repo = await context.repo(flag);
  if (repo === null)
    throw new UsageError(`Cannot tell whose pull requests --mine means: ${unknownRepository(context.env)}`);
  const github = await context.github();
  const next = (after: string | null, size?: number) =>
    github.repository(
      repo,
      `pullRequests(${pageArguments(after, size)}, states: [OPEN]) { ${PAGE_FIELDS} nodes { number viewerDidAuthor } }`,
    );
  const { nodes, hole } = await readConnection(await next(null), { path: ["pullRequests"], next });
  if (hole) throw holeError(hole, `the pull requests of ${repo}`, `a token that may read ${repo}`);
  const mine = nodes.filter((node) => isTrueAt(node, "viewerDidAuthor"));
  return mine.flatMap((node) => numberAt(node, "number") ?? []).sort((a, b) => a - b);
}
