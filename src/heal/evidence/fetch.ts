import { join } from "node:path";
import { slug } from "../../base/text.ts";
import type { GitHub } from "../../github/client.ts";
import type { Check, PullRequest } from "../../github/pull-request.ts";
import { at, textAt } from "../../github/read.ts";
import { readPullRequest } from "../../github/read-pull-request.ts";
import { countingChecks } from "../../merge/counting-checks.ts";
import { type JobLog, jobLogs } from "./job-logs.ts";
import type { EvidenceDeps } from "./red-pull-request.ts";

/** The checks of a commit of a pull request. */
export interface HeadChecks {
  readonly pull: PullRequest;
  readonly sha: string;
  readonly checks: readonly Check[];
  /** Those that failed, in the order in which they ended; cancelled ones last. */
  readonly failed: readonly Check[];
}

/** What GitHub shows of a commit that failed. */
export interface FailedHead extends HeadChecks {
  /** The git tree of the commit, as far as it can be read. */
  readonly tree: string | null;
  readonly logs: readonly JobLog[];
}

/** Jobs of the newest commit of the base branch. */
export interface BaseJobs {
  readonly sha: string;
  readonly jobs: readonly BaseJob[];
}

/** A job of the base branch that has ended. */
export interface BaseJob {
  readonly check: Check;
  /** Null: it passed. */
  readonly log: JobLog | null;
}

/** Reads what failed on `sha` (default: the head). Logs are kept on disk before anything runs again. */
export async function fetchFailures(
  repo: string,
  number: number,
  sha: string | null,
  deps: EvidenceDeps,
): Promise<FailedHead> {
  const head = await fetchChecks(repo, number, sha, deps);
  const logs = await fetchLogs(repo, head.sha, head.failed, deps);
  return { ...head, tree: await treeOf(repo, head.sha, deps.github), logs };
}

/** Reads the checks of `sha` (default: the head), and which of them failed. */
export async function fetchChecks(
  repo: string,
  number: number,
  sha: string | null,
  { github }: Pick<EvidenceDeps, "github">,
): Promise<HeadChecks> {
  const head = sha ?? (await readPullRequest(github, repo, { number })).head;
  const pull = await readPullRequest(github, repo, { number, sha: head });
  const { checks, missing } = await countingChecks(github, repo, pull, { sha: head });
  const failed = checks.filter(({ state }) => state === "failed" || state === "cancelled").toSorted(byEnd);
  // A seen failure is evidence, but a withheld part may hide others.
  if (missing && failed.length === 0) throw missing;
  return { pull, sha: head, checks, failed };
}

/**
 * Reads how jobs ended on the newest commit of the base branch, since a failure that is there too is not the pull request's: those that
 * `isWanted`. Null when it cannot be read; never delays the classification.
 */
export async function fetchBaseJobs(
  repo: string,
  { pull, sha: head }: FailedHead,
  isWanted: (check: Check) => boolean,
  deps: EvidenceDeps,
): Promise<BaseJobs | null> {
  const { github } = deps;
  try {
    const ref = `ref(qualifiedName: ${JSON.stringify(`refs/heads/${pull.base}`)}) { target { oid } }`;
    const { data } = await github.repository(repo, ref);
    const sha = textAt(at(data, "ref"), "target", "oid");
    if (!sha) return null;
    const read = await readPullRequest(github, repo, { number: pull.number, sha });
    const { checks, missing } = await countingChecks(github, repo, read, { sha });
    if (missing) return null;
    const ended = checks.filter(
      (check) => (check.state === "failed" || check.state === "succeeded") && isWanted(check),
    );
    const failed = ended.filter(({ state }) => state === "failed");
    const logs = await fetchLogs(repo, head, failed, deps);
    const passed = ended.filter(({ state }) => state === "succeeded").map((check) => ({ check, log: null }));
    const red = failed.flatMap((check, index) => (logs[index]?.text ? [{ check, log: logs[index] }] : []));
    return { sha, jobs: [...passed, ...red] };
  } catch (error) {
    if (!(error instanceof Error && error.name === "GitHubError")) throw error;
    return null;
  }
}

/** Reads the logs of checks, kept in the folder of the commit whose failure is looked into. */
export function fetchLogs(
  repo: string,
  sha: string,
  checks: readonly Check[],
  { github, paths, env, ciLog }: EvidenceDeps,
): Promise<JobLog[]> {
  const folder = join(paths.logs, "evidence", slug(repo.replace("/", "-")), sha.slice(0, 12));
  return jobLogs(checks, { github, repo, folder, env, ...(ciLog ? { ciLog } : {}) });
}

/** Order of failures: the job that ended first comes first, cancelled ones last. */
function byEnd(a: Check, b: Check): number {
  return (
    Number(a.state === "cancelled") - Number(b.state === "cancelled") ||
    (a.endedAt ?? 0) - (b.endedAt ?? 0) ||
    a.id - b.id
  );
}

async function treeOf(repo: string, sha: string, github: GitHub): Promise<string | null> {
  try {
    const { data } = await github.repository(repo, `object(oid: "${sha}") { ... on Commit { tree { oid } } }`);
    return textAt(at(data, "object"), "tree", "oid");
  } catch {
    return null;
  }
}
