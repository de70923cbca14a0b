import { type Clock, timestamp } from "../base/clock.ts";
import type { Exec } from "../base/exec-types.ts";
import type { JsonObject } from "../base/json.ts";
import type { Env } from "../contract/context.ts";
import type { DiscoverContext, FoundItem, PullRequestInFlight } from "../contract/queue-source.ts";
import { sessionFamily } from "../core/session.ts";
import type { GitHub } from "../github/client.ts";
import { makePluginContext } from "../plugins-host/context.ts";
import { paths } from "../store/paths.ts";
import type { Store } from "../store/store.ts";
import { type Changes, changesOf, repositoryRoot } from "./isolation/changes.ts";
import { importRelation } from "./isolation/import-graph.ts";
import { DEFAULT_ISOLATION, type Inferred, type IsolationPolicy, inferTier } from "./isolation/tier.ts";
import { endingOf, queueTtlMs, type Surroundings } from "./pick/availability.ts";
import { asPullRequest, inFlight, secondsLeft } from "./pick/in-flight.ts";
import { type Draft, Queue } from "./store/queue.ts";

/** Items of one source that are of use at most. */
export const SOURCE_LIMIT = 50;

/** What looking for work needs of the world. */
export interface WorkplaceInput {
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
  readonly trusted?: (subject: string, content: string) => Promise<boolean>;
  /** How long a hook may wait for the queue's lock. */
  readonly lockTimeoutMs?: number;
}

/** Where a session looks for work: its queue, what it waits for, and what it may not collide with. */
export interface Workplace {
  readonly input: WorkplaceInput;
  readonly queue: Queue;
  readonly family: ReadonlySet<string>;
  readonly pr: PullRequestInFlight | null;
  readonly etaS: number | null;
  readonly changes: Changes;
  /** `null`: items of every session. */
  surroundings(family: ReadonlySet<string> | null): Surroundings;
  /** Where a piece of work may be done, with all that can be known of it here. */
  tierOf(work: {
    readonly item: string;
    readonly files: readonly string[];
    readonly tier?: Draft["tier"];
  }): Promise<Inferred>;
  /** What a source gets. */
  contextFor(source: string, signal: AbortSignal): DiscoverContext;
  /** The draft of what a source offers. */
  draftOf(source: string, found: FoundItem): Draft;
}

/** Sets up {@link Workplace}; reads the log, starts no process. */
export function workplace(input: WorkplaceInput): Workplace {
  const { clock, store, session, repo } = input;
  const queue = new Queue(input.home, { clock, lockTimeoutMs: input.lockTimeoutMs });
  const view = store.read();
  const family = sessionFamily(session, view.links);
  const flight = inFlight(view, family, repo);
  const root = repositoryRoot(input.cwd);
  // In a repository without a name, a pull request may be of any other: its files say nothing about these.
  const pr = root !== null && repo === null ? null : asPullRequest(flight.pr);
  const changes = changesOf({ root, pr, exec: input.exec, env: input.env, github: input.github });
  const isolation = input.isolation ?? DEFAULT_ISOLATION;
  const etaS = flight.running && secondsLeft(paths(input.home).looks, flight.running, clock.now());

  /** Enough to see what is blocked; the rest is inferred for the one item that is handed out. */
  const bareTier = (work: { item: string; files?: readonly string[]; tier?: Draft["tier"] }) =>
    inferTier({ item: work.item, files: work.files ?? [], changed: [], related: null, tier: work.tier }, isolation);

  const tierOf: Workplace["tierOf"] = async ({ item, files, tier }) => {
    const bare = bareTier({ item, files, tier });
    if (bare.tier === "blocked" || bare.kind === "research") return bare;
    const changed = await changes.files().catch(() => []);
    const related = root === null ? null : importRelation(root, files, changed);
    return inferTier({ item, files, changed, related, tier }, isolation);
  };

  return {
    input,
    queue,
    family,
    pr,
    etaS,
    changes,
    tierOf,
    surroundings: (seenBy) => ({
      queue,
      paths: paths(input.home),
      read: () => store.read(),
      nowMs: clock.now(),
      ttlMs: queueTtlMs(input.env),
      family: seenBy,
      isBlocked: (item) => bareTier(item).tier === "blocked",
      findEnded: (waitId) => endingOf(store, waitId),
    }),
    contextFor: (source, signal) => ({
      ...makePluginContext({
        plugin: `source-${source}`,
        home: input.home,
        env: input.env,
        cwd: input.cwd,
        github: input.github,
        session,
        repo,
        config: input.config,
        clock,
        exec: input.exec,
        trusted: input.trusted,
        signal,
      }),
      options: {},
      root,
      sessions: [...family],
      pr,
      changedFiles: () => changes.files(),
      diff: () => changes.diff(),
      etaS,
      limit: SOURCE_LIMIT,
    }),
    draftOf: (source, found) => ({
      source,
      item: found.item,
      session_id: session,
      isolation_tier: bareTier(found).tier,
      tier: found.tier ?? null,
      pr: pr?.number ?? null,
      repo: pr?.repo ?? repo,
      files: found.files ?? [],
      minutes: found.minutes ?? null,
      key: found.key,
      why: found.why ?? null,
      created_at: timestamp(found.createdAt ?? clock.now()),
    }),
  };
}
