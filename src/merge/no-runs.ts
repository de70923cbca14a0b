import { skipMarker } from "../github/actions/skip-marker.ts";
import { type Change, startsFor, type Trigger } from "../github/actions/triggers.ts";
import type { GitHub } from "../github/client.ts";
import { GitHubError } from "../github/errors.ts";
import type { PullRequest } from "../github/pull-request.ts";
import { isTrueAt, listAt, numberAt, textAt } from "../github/read.ts";

/** Why GitHub starts no workflow for a commit. */
export type NoRuns =
  /** The commit has no workflow for a pull request's events. */
  | { readonly is: "none" }
  /** The head's message contains this skip marker. */
  | { readonly is: "skipped"; readonly words: string }
  /** GitHub Actions is turned off. */
  | { readonly is: "disabled"; readonly what: string }
  /** The filters of every workflow exclude this change. */
  | { readonly is: "filtered" }
  /** The runs are late, or prevented for a reason that cannot be read. */
  | { readonly is: "unknown" };

/**
 * Finds why a head has no workflow run, asked once per head: from the head's message, the workflow files of the commit and of the
 * base, their filters, and whether Actions and the workflows are enabled.
 */
export async function whyNoRuns(github: GitHub, repo: string, sha: string, pull: PullRequest): Promise<NoRuns> {
  const expression = JSON.stringify(`${sha}:.github/workflows`);
  const ofBase = JSON.stringify(`refs/heads/${pull.base}:.github/workflows`);
  const entries = "entries { name object { ... on Blob { text } } }";
  const { data, problems } = await github.repository(
    repo,
    `head: object(oid: ${JSON.stringify(sha)}) { ... on Commit { message } }
     files: object(expression: ${expression}) { ... on Tree { ${entries} } }
     ofBase: object(expression: ${ofBase}) { ... on Tree { ${entries} } }`,
  );
  // A tree that could not be read may have files.
  if (problems.length > 0) return { is: "unknown" };
  const files = workflowsIn(listAt(data, "files", "entries"));
  const others = workflowsIn(listAt(data, "ofBase", "entries")).filter(({ name, text }) =>
    files.every((file) => file.name !== name || file.text !== text),
  );
  const exists = files.length + others.length > 0 ? true : await hasWorkflows(github, repo);
  if (exists === false) return { is: "none" };
  const words = skipMarker(textAt(data, "head", "message") ?? "");
  if (words) return { is: "skipped", words };
  const triggers = await triggersOf(github, repo, pull, { files, others });
  if (triggers.length > 0 && triggers.every((trigger) => trigger === "other")) return { is: "none" };
  const disabled = await whatIsDisabled(github, repo);
  if (disabled) return { is: "disabled", what: disabled };
  return triggers.length > 0 && !triggers.some((trigger) => trigger === "starts" || trigger === "unknown")
    ? { is: "filtered" }
    : { is: "unknown" };
}

interface WorkflowFile {
  readonly name: string;
  readonly text: string | null;
}

function workflowsIn(entries: readonly unknown[]): WorkflowFile[] {
  const files = entries.map((entry) => ({ name: textAt(entry, "name") ?? "", text: textAt(entry, "object", "text") }));
  return files.filter(({ name }) => /\.ya?ml$/.test(name));
}

async function triggersOf(
  github: GitHub,
  repo: string,
  pull: PullRequest,
  { files: own, others }: { readonly files: readonly WorkflowFile[]; readonly others: readonly WorkflowFile[] },
): Promise<Trigger[]> {
  const { parse } = await import("yaml");
  const read = ({ text }: WorkflowFile) => {
    try {
      return text === null ? null : (parse(text) as unknown);
    } catch {
      return null;
    }
  };
  const [ofHead, ofBase] = [own.map(read), others.map(read)];
  const change: Change = { base: pull.base, branch: pull.branch, fork: pull.fork, files: null };
  const trigger = (workflow: unknown, of: Change) => (workflow === null ? "unknown" : startsFor(workflow, of));
  // GitHub takes the files of the pull request merged into its base: where the two differ, which file it takes is unknown.
  const maybe = (workflow: unknown, of: Change) =>
    trigger(workflow, { ...of, fork: true }) === "starts" ? "unknown" : trigger(workflow, { ...of, fork: true });
  const judge = (of: Change): Trigger[] => [
    ...ofHead.map((workflow) => trigger(workflow, of)),
    ...ofBase.map((workflow) => maybe(workflow, of)),
  ];
  const first = judge(change);
  if (!first.includes("unknown") || first.includes("starts")) return first;
  const path = `repos/${repo}/pulls/${pull.number}/files?per_page=100`;
  const rows = await github.rest<unknown>(path, { paginate: true }).catch(() => null);
  const files = Array.isArray(rows) ? rows.flatMap(pathsOf) : null;
  return judge({ ...change, files });
}

/** Paths of a changed file: a moved file counts under both names. */
function pathsOf(row: unknown): string[] {
  return [textAt(row, "filename"), textAt(row, "previous_filename")].filter((path) => path !== null);
}

/** Whether the repository has any workflow; null when that cannot be read. */
async function hasWorkflows(github: GitHub, repo: string): Promise<boolean | null> {
  const list = await unlessWithheld(github.rest<unknown>(`repos/${repo}/actions/workflows?per_page=1`));
  if (list === "absent") return false;
  return list === "withheld" ? null : (numberAt(list, "total_count") ?? 0) > 0;
}

/** Finds what is disabled: GitHub Actions in the repository (only admins may read that), or all of its workflows. Null: neither. */
async function whatIsDisabled(github: GitHub, repo: string): Promise<string | null> {
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
