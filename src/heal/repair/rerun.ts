import { parseTimestamp } from "../../base/clock.ts";
import type { GitHub } from "../../github/client.ts";
import { GitHubError } from "../../github/errors.ts";
import type { Check } from "../../github/pull-request.ts";
import { textAt } from "../../github/read.ts";
import { readPullRequest } from "../../github/read-pull-request.ts";
import type { WatchDeps } from "../../watch/deps.ts";
import type { RedPullRequest } from "../evidence/red-pull-request.ts";

/** Most re-runs per commit, and per day in one state directory: they are cheap but hide real failures. */
const RERUNS_PER_SHA = 2;
/** See {@link RERUNS_PER_SHA}. */
const RERUNS_PER_DAY = 20;
const DAY_MS = 86_400_000;

/** Why the failed jobs may not be run again, or null when they may. */
export function whyNoRerun(red: RedPullRequest, deps: WatchDeps): string | null {
  if (!red.found.transient) return "not every failed step is transient";
  const silent = red.failed.filter((check) => !red.logs.some((log) => log.job === check.name && log.text !== ""));
  if (silent.length > 0) return `the log of "${silent[0]!.name}" could not be read`;
  if (runsOf(red.failed).length === 0) return "the failed checks belong to no workflow run";
  const { sameSha, today } = counts(red.sha, deps);
  if (sameSha >= RERUNS_PER_SHA) return `it was re-run ${sameSha} times on this commit already`;
  if (today >= RERUNS_PER_DAY) return `${today} re-runs were asked for within a day`;
  return null;
}

function counts(sha: string, { store, clock }: WatchDeps): { sameSha: number; today: number } {
  let sameSha = 0;
  let today = 0;
  for (const event of store.events({ since: clock.now() - DAY_MS })) {
    if (event.type !== "heal.rerun") continue;
    if (event.sha === sha) sameSha += 1;
    if (clock.now() - parseTimestamp(event.ts) < DAY_MS) today += 1;
  }
  return { sameSha, today };
}

function runsOf(checks: readonly Check[]): number[] {
  return [...new Set(checks.flatMap(({ run }) => (run === null ? [] : [run])))];
}

/** Unfinished runs of the failed jobs: GitHub re-runs failed jobs only after their run has ended. */
export function runsThatGoOn({ failed }: Pick<RedPullRequest, "failed">): number[] {
  return runsOf(failed.filter(({ suiteEnded }) => suiteEnded === false));
}

/** Result of asking for a re-run. */
export interface Asked {
  /** Runs whose failed jobs GitHub runs again. */
  readonly accepted: readonly number[];
  /** Runs that go on, so that GitHub refuses for now. */
  readonly goOn: readonly number[];
}

/**
 * Asks for the failed jobs to run again and waits, for a few seconds, until GitHub shows that they do. It counts as a re-run when GitHub has
 * accepted it.
 *
 * @throws {GitHubError} when GitHub accepts none of it, for another reason than that a run goes on.
 */
export async function rerunFailed(repo: string, red: RedPullRequest, github: GitHub, deps: WatchDeps): Promise<Asked> {
  const [accepted, goOn]: [number[], number[]] = [[], []];
  let refusal: unknown = null;
  for (const run of runsOf(red.failed)) {
    try {
      await github.rest(`repos/${repo}/actions/runs/${run}/rerun-failed-jobs`, { method: "POST" });
      accepted.push(run);
    } catch (error) {
      if (error instanceof GitHubError && error.problem === "busy") goOn.push(run);
      else refusal ??= error;
    }
  }
  if (accepted.length === 0) {
    if (refusal) throw refusal;
    return { accepted, goOn };
  }
  await deps.store.commit(() => [
    { type: "heal.rerun", repo, pr: red.pull.number, sha: red.sha, signature: red.found.signature_hash },
  ]);
  await shown(repo, red, github, deps);
  return { accepted, goOn };
}

async function shown(repo: string, red: RedPullRequest, github: GitHub, deps: WatchDeps): Promise<void> {
  for (let look = 0; look < 10; look++) {
    const { commit } = await readPullRequest(github, repo, { number: red.pull.number, sha: red.sha });
    const again = commit?.checks.some(
      (check) => !red.failed.some(({ id }) => id === check.id) && red.failed.some(({ name }) => name === check.name),
    );
    if (again) return;
    await deps.clock.sleep(1_000);
  }
}

const FIRST_MS = 5_000;
const SLOW_MS = 60_000;
const MOST_MS = 3600_000;

/** Waits until those runs have ended; false when they have not within an hour, or the signal came. */
export async function endOfRuns(
  repo: string,
  runs: readonly number[],
  deps: WatchDeps,
  signal?: AbortSignal,
): Promise<boolean> {
  const github = await deps.github();
  const until = deps.clock.monotonic() + MOST_MS;
  let pause = FIRST_MS;
  for (const run of runs) {
    for (;;) {
      if (signal?.aborted || deps.clock.monotonic() > until) return false;
      await deps.clock.sleep(pause, signal);
      const seen = await look(github, repo, run);
      if (seen.ended) break;
      pause = Math.max(Math.min(SLOW_MS, pause * 1.2), seen.afterMs);
    }
  }
  return true;
}

/** Whether a run has ended, with the wait that GitHub asks for. An error counts as not ended. */
async function look(github: GitHub, repo: string, run: number): Promise<{ ended: boolean; afterMs: number }> {
  try {
    const answer = await github.rest<unknown>(`repos/${repo}/actions/runs/${run}`);
    return { ended: textAt(answer, "status") === "completed", afterMs: 0 };
  } catch (error) {
    if (!(error instanceof GitHubError) || error.lasting || error.problem === "not-found") throw error;
    return { ended: false, afterMs: 1000 * (error.retryAfterS ?? 0) };
  }
}
