import { join } from "node:path";
import { safeText } from "../../base/redact.ts";
import { slug } from "../../base/text.ts";
import type { Evidence } from "../../contract/wait-kind.ts";
import type { GitHub } from "../../github/client.ts";
import type { Check, PullRequest } from "../../github/pull-request.ts";
import { readPullRequest } from "../../github/read-pull-request.ts";
import { countingChecks } from "../../merge/counting-checks.ts";
import { type Classification, classify, classifyJobs } from "../classify/classify.ts";
import { rememberBase } from "./base-branch.ts";
import { type JobLog, jobLogs } from "./job-logs.ts";
import { type History, historyOf, isOutage, readLedger, record } from "./ledger.ts";
import type { EvidenceDeps, RedPullRequest } from "./red-pull-request.ts";

/**
 * Reads what failed on `sha` (default: the head): logs, annotations, output and links, kept on disk before anything runs again;
 * classifies it; and asks and fills the ledger.
 */
export async function gather(
  repo: string,
  number: number,
  sha: string | null,
  deps: EvidenceDeps,
): Promise<RedPullRequest> {
  const head = sha ?? (await readPullRequest(deps.github, repo, { number })).head;
  const pull = await readPullRequest(deps.github, repo, { number, sha: head });
  const { checks, missing } = await countingChecks(deps.github, repo, pull, { sha: head });
  const failed = checks.filter((check) => check.state === "failed" || check.state === "cancelled").toSorted(byEnd);
  // What was seen failing is evidence; that nothing failed is not known of a part.
  if (missing && failed.length === 0) throw missing;
  const folder = join(deps.paths.logs, "evidence", slug(repo.replace("/", "-")), head.slice(0, 12));
  const logs = await jobLogs(failed, { github: deps.github, repo, folder, env: deps.env });
  const withText = logs.filter(({ text }) => text !== "");
  const read = classifyJobs(withText, deps.rules);
  const only = withText.length > 0 && withText.every(({ external }) => external);
  const found: Classification =
    read.failure_type === "unclassified" &&
    read.confidence === 0 &&
    (only || withText.length === 0) &&
    failed.length > 0
      ? { ...read, failure_type: "external", confidence: 0.5, rationale: "the failing check is an external service's" }
      : read;
  const root = found.evidence[0]?.job ?? withText[0]?.job;
  if (root) await rememberBase(repo, pull, root, folder, deps);
  const tree = await treeOf(repo, head, deps.github);
  const history = await remember(repo, { pull, sha: head, tree, checks, logs: withText, found }, deps);
  const flaky = history.flaky && (found.failure_type === "test" || found.failure_type === "timeout");
  return {
    pull,
    sha: head,
    failed,
    logs,
    found: flaky ? asFlaky(found, history) : found,
    history,
    outage: isOutage(found.steps.map(({ judgement }) => judgement.type)),
    evidence: [...toEvidence(found, withText), ...links(failed, logs)],
  };
}

/** A test that is known to fail and pass on the same code. Text alone never says so. */
function asFlaky(found: Classification, { answer }: History): Classification {
  return {
    ...found,
    failure_type: "test_flaky",
    confidence: Math.max(0.92, found.confidence),
    rationale: `matched test_flaky by the ledger: ${answer}`,
    transient: true,
  };
}

/** Failures count where they began: the job that ended first is asked first; cancelled ones last. */
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
    const object = (data as { object?: { tree?: { oid?: string } } } | null)?.object;
    return object?.tree?.oid ?? null;
  } catch {
    return null;
  }
}

interface Seen {
  readonly pull: PullRequest;
  readonly sha: string;
  readonly tree: string | null;
  readonly checks: readonly Check[];
  readonly logs: readonly JobLog[];
  readonly found: Classification;
}

async function remember(repo: string, seen: Seen, deps: EvidenceDeps): Promise<History> {
  const rows = readLedger(deps.paths);
  const job = seen.found.evidence[0]?.job ?? seen.logs[0]?.job ?? "";
  const answer = historyOf(rows, {
    repo,
    job,
    signature: seen.found.signature_hash,
    tree: seen.tree,
    sha: seen.sha,
    base: seen.pull.base,
  });
  const common = { repo, sha: seen.sha, tree: seen.tree, branch: seen.pull.branch };
  const failedRows = seen.logs.map((log) => ({
    ...common,
    job: log.job,
    run: log.run,
    signature: classify(log.text, deps.rules).signature_hash,
    outcome: "failed" as const,
    duration: null,
  }));
  const passedRows = seen.checks
    .filter((check) => check.state === "succeeded")
    .map((check) => ({
      ...common,
      job: check.name,
      run: check.id,
      signature: null,
      outcome: "passed" as const,
      duration: check.startedAt && check.endedAt ? Math.round((check.endedAt - check.startedAt) / 1000) : null,
    }));
  await record(deps.paths, [...failedRows, ...passedRows], deps.now());
  return answer;
}

/** The deciding lines, each with its job's page. */
function toEvidence(found: Classification, logs: readonly JobLog[]): Evidence[] {
  return found.evidence.map((line) => {
    const log = logs.find(({ job }) => job === line.job);
    const placed =
      line.line === null
        ? log?.annotations.find(({ message }) => message.includes(line.text.slice(0, 80)) && message.length > 8)
        : undefined;
    const file = line.file ?? placed?.path;
    const at = line.line ?? placed?.line;
    return {
      job: line.job,
      ...(line.step ? { step: line.step } : {}),
      ...(file ? { file } : {}),
      ...(at ? { line: at } : {}),
      text: safeText(line.text, 300),
      ...(log?.url ? { url: log.url } : {}),
    };
  });
}

/** What cannot be read here is at least linked. */
function links(failed: readonly Check[], logs: readonly JobLog[]): Evidence[] {
  const silent = failed.filter((check) => !logs.some((log) => log.job === check.name && log.text !== ""));
  return silent.slice(0, 5).map((check) => ({
    job: check.name,
    text: safeText(check.description ?? `${check.name}: ${check.raw}`, 200),
    ...(check.url ? { url: check.url } : {}),
  }));
}
