import {
  type Change,
  GitHubError,
  isTrueAt,
  listAt,
  numberAt,
  type PullRequest,
  skipMarker,
  startsFor,
  type Trigger,
  textAt,
} from "../../../../src/github.ts";
import type { PluginContext } from "../../../../src/plugin.ts";

/** Why GitHub starts no workflow for a commit; each has somebody else who can change it. */
export type NoRuns =
  /** The commit has no workflow for a pull request's events. */
  | { readonly is: "none" }
  /** The head's message says so, in these words. */
  | { readonly is: "skipped"; readonly words: string }
  /** GitHub Actions is turned off. */
  | { readonly is: "disabled"; readonly what: string }
  /** Every workflow has filters, and none lets this change through. */
  | { readonly is: "filtered" }
  /** They are late, or something that nobody can read stands against them. */
  | { readonly is: "unknown" };

/**
 * Asks once per head why no workflow run is there: the head's message, the files of the commit itself, whether they would start for what the
 * pull request changes, and whether Actions and the workflows are turned on.
 */
export async function whyNoRuns(context: PluginContext, repo: string, sha: string, pull: PullRequest): Promise<NoRuns> {
  const expression = JSON.stringify(`${sha}:.github/workflows`);
  const entries = "entries { name object { ... on Blob { text } } }";
  const { data } = await context.github.repository(
    repo,
    `head: object(oid: ${JSON.stringify(sha)}) { ... on Commit { message } }
     files: object(expression: ${expression}) { ... on Tree { ${entries} } }`,
  );
  const files = listAt(data, "files", "entries").filter((entry) => /\.ya?ml$/.test(textAt(entry, "name") ?? ""));
  const texts = files.map((entry) => textAt(entry, "object", "text"));
  const exists = files.length > 0 ? true : await hasWorkflows(context, repo);
  if (exists === false) return { is: "none" };
  const words = skipMarker(textAt(data, "head", "message") ?? "");
  if (words) return { is: "skipped", words };
  const triggers = await triggersOf(context, repo, pull, texts);
  if (triggers.length > 0 && triggers.every((trigger) => trigger === "other")) return { is: "none" };
  const disabled = await whatIsDisabled(context, repo);
  if (disabled) return { is: "disabled", what: disabled };
  return triggers.length > 0 && !triggers.some((trigger) => trigger === "starts" || trigger === "unknown")
    ? { is: "filtered" }
    : { is: "unknown" };
}

async function triggersOf(
  { github }: PluginContext,
  repo: string,
  pull: PullRequest,
  texts: readonly (string | null)[],
): Promise<Trigger[]> {
  const { parse } = await import("yaml");
  const workflows = texts.map((text) => {
    try {
      return text === null ? null : (parse(text) as unknown);
    } catch {
      return null;
    }
  });
  const change: Change = { base: pull.base, branch: pull.branch, fork: pull.fork, files: null };
  const judge = (of: Change) => workflows.map((workflow) => (workflow === null ? "unknown" : startsFor(workflow, of)));
  const first = judge(change);
  if (!first.includes("unknown") || first.includes("starts")) return first;
  const path = `repos/${repo}/pulls/${pull.number}/files?per_page=100`;
  const rows = await github.rest<unknown>(path, { paginate: true }).catch(() => null);
  const files = Array.isArray(rows) ? rows.flatMap((row: unknown) => textAt(row, "filename") ?? []) : null;
  return judge({ ...change, files });
}

/** Whether the repository has workflows at all; null when that cannot be read. */
async function hasWorkflows({ github }: PluginContext, repo: string): Promise<boolean | null> {
  const list = await unlessWithheld(github.rest<unknown>(`repos/${repo}/actions/workflows?per_page=1`));
  if (list === "absent") return false;
  return list === "withheld" ? null : (numberAt(list, "total_count") ?? 0) > 0;
}

/** What is turned off: GitHub Actions in the repository (only admins may read that), or every one of its workflows. */
async function whatIsDisabled({ github }: PluginContext, repo: string): Promise<string | null> {
  const settings = await unlessWithheld(github.rest<unknown>(`repos/${repo}/actions/permissions`));
  if (typeof settings === "object" && settings !== null && "enabled" in settings && !isTrueAt(settings, "enabled")) {
    return "GitHub Actions";
  }
  const workflows = listAt(
    await unlessWithheld(github.rest<unknown>(`repos/${repo}/actions/workflows?per_page=100`)),
    "workflows",
  );
  const off = workflows.filter((one) => (textAt(one, "state") ?? "").startsWith("disabled"));
  return workflows.length > 0 && off.length === workflows.length ? "every workflow" : null;
}

async function unlessWithheld(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitHubError && error.problem === "not-found") return "absent";
    if (error instanceof GitHubError && error.problem === "forbidden") return "withheld";
    throw error;
  }
}
