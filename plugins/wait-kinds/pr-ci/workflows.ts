import { GitHubError, listAt, numberAt, textAt } from "../../../src/github.ts";
import type { PluginContext } from "../../../src/plugin.ts";

/** Events that start a workflow for a pull request's head. */
const EVENTS = /\b(?:pull_request|pull_request_target|push|merge_group)\b/;

/**
 * Whether the commit carries workflow files for a pull request's events; null when that cannot be read. The files of the
 * commit itself are read first, then the repository's list of workflows.
 */
export async function hasWorkflows(context: PluginContext, repo: string, sha: string): Promise<boolean | null> {
  const expression = JSON.stringify(`${sha}:.github/workflows`);
  const entries = "entries { name object { ... on Blob { text } } }";
  const { data } = await context.github.repository(
    repo,
    `files: object(expression: ${expression}) { ... on Tree { ${entries} } }`,
  );
  const files = listAt(data, "files", "entries").filter((entry) => /\.ya?ml$/.test(textAt(entry, "name") ?? ""));
  if (files.length > 0) {
    const texts = files.map((entry) => textAt(entry, "object", "text"));
    return texts.some((text) => text === null || EVENTS.test(text));
  }
  try {
    const list = await context.github.rest<unknown>(`repos/${repo}/actions/workflows?per_page=1`);
    return (numberAt(list, "total_count") ?? 0) > 0;
  } catch (error) {
    if (error instanceof GitHubError && error.problem === "not-found") return false;
    if (error instanceof GitHubError && error.problem === "forbidden") return null;
    throw error;
  }
}
