import { parseTimestamp } from "../../base/clock.ts";
import type { GitHub } from "../../github/client.ts";
import type { Check } from "../../github/pull-request.ts";
import { readPullRequest } from "../../github/read-pull-request.ts";
import type { WatchDeps } from "../../watch/deps.ts";
import type { RedPullRequest } from "../evidence/red-pull-request.ts";

/** Re-runs are cheap and hide real failures: at most so many per commit, and per day in one state directory. */
export const RERUNS_PER_SHA = 2;
/** See {@link RERUNS_PER_SHA}. */
export const RERUNS_PER_DAY = 20;
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

/** Asks for the failed jobs to run again and waits, for a few seconds, until GitHub shows that they do. */
export async function rerunFailed(repo: string, red: RedPullRequest, github: GitHub, deps: WatchDeps): Promise<void> {
  // Counted before it is asked for: a heal that is killed here must not ask without end.
  await deps.store.commit(() => [
    { type: "heal.rerun", repo, pr: red.pull.number, sha: red.sha, signature: red.found.signature_hash },
  ]);
  for (const run of runsOf(red.failed))
    await github.rest(`repos/${repo}/actions/runs/${run}/rerun-failed-jobs`, { method: "POST" });
  for (let look = 0; look < 10; look++) {
    const { commit } = await readPullRequest(github, repo, { number: red.pull.number, sha: red.sha });
    const again = commit?.checks.some(
      (check) => !red.failed.some(({ id }) => id === check.id) && red.failed.some(({ name }) => name === check.name),
    );
    if (again) return;
    await deps.clock.sleep(1_000);
  }
}
