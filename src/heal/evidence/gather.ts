import { oneLine } from "../../base/text.ts";
import type { Check } from "../../github/pull-request.ts";
import { type Classification, classify, classifyJobs, type JobsClassification } from "../classify/classify.ts";
import { evidenceLines } from "./evidence-lines.ts";
import { type BaseJobs, type FailedHead, fetchBaseJobs, fetchFailures } from "./fetch.ts";
import { type History, isOutage, type LedgerRow, readLedger, record } from "./ledger.ts";
import { alsoOnBase, type FailedJobs, historiesOf, hostsOf, mayBeFlaky, mayPass } from "./past.ts";
import type { EvidenceDeps, RedPullRequest } from "./red-pull-request.ts";
import { touchedFiles } from "./touched-files.ts";

type NewRow = Omit<LedgerRow, "ts">;

/**
 * Reads what failed on `sha` (default: the head) of a pull request and classifies it: fetch, classify, judge with the ledger of
 * earlier runs, choose the lines to show.
 */
export async function gather(
  repo: string,
  number: number,
  sha: string | null,
  deps: EvidenceDeps,
): Promise<RedPullRequest> {
  const head = await fetchFailures(repo, number, sha, deps);
  const logs = head.logs.filter(({ text }) => text !== "");
  const touched = logs.length === 0 ? [] : await touchedFiles(repo, number, deps.github);
  const { whole, signatures } = classifyJobs(logs, deps.rules, touched);
  const read = explained(whole, head);

  const root = read.evidence[0]?.job ?? logs[0]?.job ?? "";
  const { pull, tree, sha: commit } = head;
  const jobs = logs.map(({ job }, index) => ({ job, signature: signatures[index] ?? "" }));
  const failed: FailedJobs = { repo, sha: commit, tree, base: pull.base, jobs };
  const base = await readBase(repo, head, read, root, failed, deps);
  const rows = readLedger(deps.paths);
  const histories = historiesOf(rows, failed, deps.now(), base?.sha);
  await record(deps.paths, headRows(repo, head, logs, signatures), deps.now());

  const may = mayPass(read, histories);
  const lasting = may ? alsoOnBase(read, root, histories, base, deps.rules) : null;
  const history = lasting ?? histories.get(root) ?? NEW;
  const known = history.flaky ? asFlaky(read, history) : read;
  const found = { ...known, transient: may && lasting === null };
  return {
    pull,
    sha: commit,
    failed: head.failed,
    logs: head.logs,
    found,
    history,
    outage: isOutage(found.steps.map(({ judgement }) => judgement.type)),
    evidence: evidenceLines(found, head.failed, head.logs),
  };
}

const NEW: History = { answer: "new", flaky: false, onBase: false };

/**
 * Reads how the base branch stands and keeps it in the ledger: the root's job alone, unless running again is to be justified. Then all
 * failed jobs are compared, and whatever failed there while a host could not be resolved.
 */
async function readBase(
  repo: string,
  head: FailedHead,
  read: Classification,
  root: string,
  failed: FailedJobs,
  deps: EvidenceDeps,
): Promise<BaseJobs | null> {
  if (failed.jobs.length === 0) return null;
  const all = mayPass(read, historiesOf(readLedger(deps.paths), failed, deps.now()));
  const names = new Set(all ? failed.jobs.map(({ job }) => job) : [root]);
  const anyRed = all && hostsOf(read).size > 0;
  const isWanted = ({ name, state }: Check): boolean => names.has(name) || (anyRed && state === "failed");
  const base = await fetchBaseJobs(repo, head, isWanted, deps);
  if (base) await record(deps.paths, baseRows(repo, head, base, deps), deps.now());
  return base;
}

/** The classification with the reason why no log says anything: an external service's check, a cancelled job, an unreadable log. */
function explained(found: Classification, { failed, logs }: FailedHead): Classification {
  if (failed.length === 0 || found.failure_type !== "unclassified" || found.confidence > 0) return found;
  if (logs.every(({ external }) => external)) {
    const why = logs.find(({ note }) => note !== null)?.note;
    const rationale = `the failing check is an external service's${why ? `: ${oneLine(why, 300)}` : ""}`;
    return { ...found, failure_type: "external", confidence: 0.5, rationale };
  }
  const jobs = logs.filter(({ external }) => !external);
  if (jobs.some(({ text }) => text !== "")) return found;
  const names = jobs.slice(0, 3).map(({ job }) => `"${oneLine(job, 60)}"`);
  const cancelled = failed.every(({ state }) => state === "cancelled");
  const rationale = cancelled
    ? `${names.join(", ")} ${jobs.length === 1 ? "was" : "were"} cancelled and nothing failed: run it again`
    : `no log of ${names.join(", ")} can be read`;
  return { ...found, rationale };
}

/** Marks a failure as flaky when the ledger has the test failing and passing on the same code; text alone is not enough. */
function asFlaky(found: Classification, { answer }: History): Classification {
  if (!mayBeFlaky(found.failure_type)) return found;
  return {
    ...found,
    failure_type: "test_flaky",
    confidence: Math.max(0.92, found.confidence),
    rationale: `matched test_flaky by the ledger: ${answer}`,
  };
}

/** How jobs that failed stand on the base branch, as the ledger keeps it. */
function baseRows(repo: string, { pull }: FailedHead, { sha, jobs }: BaseJobs, { rules }: EvidenceDeps): NewRow[] {
  return jobs.map(({ check: { name: job, id: run }, log }) => {
    const signature = log && classify(log.text, rules).signature_hash;
    const outcome = log ? "failed" : "passed";
    return { repo, job, run, signature, sha, tree: null, branch: pull.base, outcome, duration: null };
  });
}

/** How every job of the head ended, as the ledger keeps it. `logs` and `signatures`: of those that failed. */
function headRows(
  repo: string,
  { pull, sha, tree, checks }: FailedHead,
  logs: FailedHead["logs"],
  signatures: JobsClassification["signatures"],
): NewRow[] {
  const common = { repo, sha, tree, branch: pull.branch };
  const failed = logs.map(({ job, run }, index): NewRow => {
    const duration = durationOf(checks.find(({ id, name }) => id === run && name === job));
    return { ...common, job, run, signature: signatures[index] ?? null, outcome: "failed", duration };
  });
  const passed = checks
    .filter(({ state }) => state === "succeeded")
    .map((check): NewRow => {
      const { name: job, id: run } = check;
      return { ...common, job, run, signature: null, outcome: "passed", duration: durationOf(check) };
    });
  return [...failed, ...passed];
}

function durationOf(check: FailedHead["checks"][number] | undefined): number | null {
  const { startedAt, endedAt } = check ?? {};
  return startedAt && endedAt ? Math.round((endedAt - startedAt) / 1000) : null;
}
