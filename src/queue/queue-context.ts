import type { Clock } from "../base/clock.ts";
import type { Exec } from "../base/exec-types.ts";
import type { JsonObject } from "../base/json.ts";
import type { Env, PluginContext } from "../contract/context.ts";
import type { PullRequestInFlight } from "../contract/queue-source.ts";
import { sessionFamily } from "../core/session.ts";
import type { GitHub } from "../github/client.ts";
import type { Store } from "../store/store.ts";
import { asPullRequest, secondsLeft, sessionWaits } from "./in-flight.ts";
import { type Changes, changesOf, repositoryRoot } from "./isolation/changes.ts";
import { DEFAULT_ISOLATION, type IsolationPolicy } from "./isolation/tier.ts";
import { Queue } from "./store/queue.ts";

/** Input of {@link queueContext}. */
export interface QueueContextInput {
  readonly home: string;
  readonly store: Store;
  readonly session: string;
  /** `owner/name` of the directory, or null. */
  readonly repo: string | null;
  readonly env: Env;
  readonly cwd: string;
  readonly clock: Clock;
  readonly exec: Exec;
  readonly github: GitHub;
  readonly isolation?: IsolationPolicy;
  /** `ci_watch`, for sources that read settings of their own. */
  readonly config?: JsonObject;
  readonly trusted?: PluginContext["trusted"];
}

/** What a session's search for work goes by: its queue, what it waits for, and what the work may not collide with. */
export interface QueueContext {
  readonly input: QueueContextInput;
  readonly queue: Queue;
  /** The session and all that it inherits from. */
  readonly family: ReadonlySet<string>;
  /** Root of the repository of the directory, or null. */
  readonly root: string | null;
  /** The pull request that the session waits for, or null. */
  readonly pr: PullRequestInFlight | null;
  /** Seconds until that wait is expected to end, or null. */
  readonly etaS: number | null;
  /** What the pull request, or the branch that is checked out, changes. */
  readonly changes: Changes;
  readonly isolation: IsolationPolicy;
}

/** Gathers {@link QueueContext} once; reads the log, starts no process. */
export function queueContext(input: QueueContextInput): QueueContext {
  const { home, store, session, repo, clock, exec, env, github } = input;
  const view = store.read();
  const family = sessionFamily(session, view.links);
  const waits = sessionWaits(view, family, repo);
  const root = repositoryRoot(input.cwd);
  // Without a repository's name the pull request may belong to another one, so its files mean nothing here.
  const pr = root !== null && repo === null ? null : asPullRequest(waits.pr);
  return {
    input,
    queue: new Queue(home, { clock }),
    family,
    root,
    pr,
    etaS: waits.running && secondsLeft(store.paths.looks, waits.running, clock.now()),
    changes: changesOf({ root, pr, exec, env, github }),
    isolation: input.isolation ?? DEFAULT_ISOLATION,
  };
}
