import { isObject } from "../base/json.ts";
import type { PullRequestInFlight } from "../contract/queue-source.ts";
import { sameRepo } from "../core/repo.ts";
import { isFinal, isRunning } from "../core/states.ts";
import { isPullRequest } from "../core/traits.ts";
import { isHeardBy, type Wait } from "../core/wait.ts";
import { isOfPullRequest } from "../core/wait-name.ts";
import type { View } from "../store/fold.ts";
import { lookOfCycle } from "../watch/engine/look-file.ts";

/** The waits of a session that looks for work. */
export interface SessionWaits {
  /** The newest running wait: the work should end before it does. */
  readonly running: Wait | null;
  /** A wait for the pull request whose files the work must not touch, for its reviews too: also after its verdict, while it is open. */
  readonly pr: Wait | null;
}

/**
 * Finds what the sessions of `family` wait for, in `repo` when it is known, because files of other repositories do not matter.
 */
export function sessionWaits(view: View, family: ReadonlySet<string>, repo: string | null): SessionWaits {
  let running: Wait | null = null;
  let pr: Wait | null = null;
  for (const wait of view.waits.values()) {
    if (isFinal(wait.state) || !isHeardBy(wait, family)) continue;
    if (isRunning(wait.state) && !betterRunning(running, wait)) running = wait;
    const isOfOne = isPullRequest(wait) || isOfPullRequest(wait);
    if (!isOfOne || (repo !== null && !sameRepo(wait.repo, repo))) continue;
    if (pr === null || isRunning(wait.state) || !isRunning(pr.state)) pr = wait;
  }
  return { running, pr };
}

/** Whether the known wait runs while the other only waits for its slot. */
function betterRunning(known: Wait | null, other: Wait): boolean {
  return known !== null && known.state !== "PUSHED" && other.state === "PUSHED";
}

/** Seconds until a wait is expected to end by its last look; null when nothing is expected, or the time is over already. */
export function secondsLeft(looks: string, wait: Wait, nowMs: number): number | null {
  const look = lookOfCycle(looks, wait);
  if (typeof look?.expected_at !== "number") return null;
  return look.expected_at > nowMs ? (look.expected_at - nowMs) / 1000 : null;
}

/** The known facts of a watched pull request, without the network. */
export function asPullRequest(wait: Wait | null): PullRequestInFlight | null {
  if (!wait || wait.repo === null || wait.pr === null) return null;
  const pin = isObject(wait.extra.pin) ? wait.extra.pin : {};
  const identity = isObject(pin.identity) ? pin.identity : {};
  const text = (value: unknown) => (typeof value === "string" && value ? value : null);
  return {
    repo: wait.repo,
    number: wait.pr,
    branch: text(identity.branch) ?? text(identity.headRefName) ?? text(pin.branch),
    title: text(pin.title) ?? text(wait.extra.title) ?? text(identity.title),
    body: text(identity.body),
    sha: wait.sha,
  };
}
