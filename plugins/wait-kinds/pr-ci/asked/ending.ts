import {
  type Check,
  type Expected,
  githubNow,
  hasPassed,
  isOfHead,
  isPending,
  type NoRuns,
  numberAt,
  type PullRequest,
  type QueueRemoval,
  readQueueRemoval,
  toGitHubTime,
  whyNeverStarted,
  whyNoRuns,
} from "../../../../src/github.ts";
import type { LookContext } from "../../../../src/plugin.ts";
import type { Memory } from "../memory.ts";

/** Facts that decide the verdict once the checks have ended, read only then. */
export interface Endings {
  readonly noRuns: NoRuns | null;
  readonly unpaid: string | null;
  readonly removal: QueueRemoval | null;
  readonly memory: Memory;
}

/** Reads why nothing runs, why failed jobs never started and whether the merge queue removed the pull request, each only when needed. */
export async function askEndings(
  context: LookContext,
  pull: PullRequest,
  seen: { readonly checks: readonly Check[]; readonly deciding: readonly Check[]; readonly expected: Expected },
  before: Memory,
): Promise<Endings> {
  if (pull.state !== "OPEN") return { noRuns: null, unpaid: null, removal: null, memory: before };
  const { noRuns, ...one } = await askNoRuns(context, pull, seen, before);
  const { unpaid, ...two } = await askUnpaid(context, seen, one.memory);
  const { removal, memory } = await askRemoval(context, pull, seen.deciding, two.memory);
  return { noRuns, unpaid, removal, memory };
}

type Seen = Parameters<typeof askEndings>[2];

async function askNoRuns(context: LookContext, pull: PullRequest, { checks, expected }: Seen, memory: Memory) {
  const wanted = checks.length === 0 || expected.missing.length > 0;
  if (!wanted || checks.some(({ app }) => app === "github-actions")) return { noRuns: null, memory };
  const noRuns =
    memory.noRuns ?? (await whyNoRuns(context.github, context.pin.repo ?? "", context.pin.sha ?? pull.head, pull));
  return { noRuns, memory: { ...memory, noRuns } };
}

async function askUnpaid({ github, pin }: LookContext, { deciding, checks }: Seen, memory: Memory) {
  const failed = failedJobs(deciding, checks);
  if (failed.length === 0) return { unpaid: null, memory };
  const of = failed.map(({ id }) => id).join(" ");
  const isJob = ({ kind, app }: Check) => kind === "check" && app === "github-actions";
  const ask = async () => (failed.every(isJob) ? whyNeverStarted(github, pin.repo ?? "", failed) : null);
  const why = memory.unpaid?.of === of ? memory.unpaid.why : await ask();
  return { unpaid: why, memory: { ...memory, unpaid: { of, why } } };
}

/** The checks that failed, and of a required workflow that failed the jobs that did. */
function failedJobs(deciding: readonly Check[], checks: readonly Check[]): readonly Check[] {
  const isFailed = ({ state }: Check) => state === "failed";
  const all = deciding.filter(isFailed).flatMap((check) => {
    const jobs = check.kind === "suite" ? checks.filter(({ kind, run }) => kind === "check" && run === check.run) : [];
    const failed = jobs.filter(isFailed);
    return failed.length > 0 ? failed : [check];
  });
  return [...new Set(all)];
}

/**
 * Reads the removal from the merge queue. It is about this head when an earlier look saw it queued, or when it came after a check of this
 * head began and after the push that p9 was told of: checks of a commit may be older than its push.
 */
async function askRemoval(context: LookContext, pull: PullRequest, deciding: readonly Check[], before: Memory) {
  const { pin, github } = context;
  const time = { ...context, repo: pin.repo ?? null };
  const now = githubNow(time);
  if (pull.queue) return { removal: null, memory: { ...before, queued: true, leftQueueAt: undefined } };
  const memory = before.queued ? { ...before, leftQueueAt: before.leftQueueAt ?? now } : before;
  const done = deciding.every(({ state }) => hasPassed(state)) && !deciding.some(({ state }) => isPending(state));
  if (!(pull.hasQueue || before.queued) || !done) return { removal: null, memory };
  const removal = await readQueueRemoval(github, pin.repo ?? "", pull.number, pull.head);
  const pushedAt = numberAt(pin.identity, "pushed_at");
  const isEarlier = pushedAt !== null && removal?.at != null && removal.at < toGitHubTime(pushedAt, time);
  const ofThisHead = removal !== null && (before.queued === true || (!isEarlier && isOfHead(removal, deciding)));
  return { removal: ofThisHead ? removal : null, memory };
}
