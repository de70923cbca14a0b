import { isObject } from "../../base/json.ts";
import type { PullRequestInFlight } from "../../contract/queue-source.ts";
import { sameRepo } from "../../core/repo.ts";
import { isFinal, isRunning } from "../../core/states.ts";
import { isPullRequest } from "../../core/traits.ts";
import type { Wait } from "../../core/wait.ts";
import type { View } from "../../store/fold.ts";
import { readLook } from "../../watch/engine/look-file.ts";

/** The waits of a session that is about to look for work: what it waits for, soonest reason first. */
export interface InFlight {
  /** The wait that runs, newest first: its end is what the work must fit before. */
  readonly running: Wait | null;
  /** The pull request whose files the work must keep clear of: also after its verdict, as long as it is open. */
  readonly pr: Wait | null;
}

/** What the sessions of `family` wait for; in `repo` when it is known, for another repository's files are of no use here. */
export function inFlight(view: View, family: ReadonlySet<string>, repo: string | null): InFlight {
  let running: Wait | null = null;
  let pr: Wait | null = null;
  for (const wait of view.waits.values()) {
    if (isFinal(wait.state) || !heardBy(wait, family)) continue;
    if (isRunning(wait.state) && !betterRunning(running, wait)) running = wait;
    if (!isPullRequest(wait) || (repo !== null && !sameRepo(wait.repo, repo))) continue;
    if (pr === null || isRunning(wait.state) || !isRunning(pr.state)) pr = wait;
  }
  return { running, pr };
}

function heardBy(wait: Wait, family: ReadonlySet<string>): boolean {
  return family.has(wait.session_id) || wait.subscribers.some((session) => family.has(session));
}

/** A wait that really runs counts before one that only has its place in the line. */
function betterRunning(known: Wait | null, other: Wait): boolean {
  return known !== null && known.state !== "PUSHED" && other.state === "PUSHED";
}

/** Seconds until a wait is expected to end by its last look; null when nothing is expected, or the time is over already. */
export function secondsLeft(looks: string, wait: Wait, nowMs: number): number | null {
  const look = readLook(looks, wait.wait_id);
  if (!look || look.cycle_at !== wait.cycle_at || typeof look.expected_at !== "number") return null;
  return look.expected_at > nowMs ? (look.expected_at - nowMs) / 1000 : null;
}

/** What is known of a watched pull request without asking anybody. */
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
