import type { PluginContext, RunsContext, TrustSubject } from "./context.ts";
import type { OptionSpecs, Options } from "./options.ts";

/** Where a piece of work may be done while a pull request is in flight. */
export type IsolationTier = "none" | "worktree" | "stacked_branch" | "blocked";

/** A piece of work that a source offers. */
export interface FoundItem {
  /** The task, in one or two sentences. Text from outside. */
  readonly item: string;
  /** Stable name of this piece of work within the source; once done, its key is not offered again. */
  readonly key: string;
  /** Paths, relative to the repository's root. */
  readonly files?: readonly string[];
  /** Estimated minutes of work. */
  readonly minutes?: number;
  readonly tier?: IsolationTier;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number;
  /** The reason for offering it, in a few words. */
  readonly why?: string;
}

/** The pull request in flight; null in a field that is not known. */
export interface PullRequestInFlight {
  readonly repo: string;
  readonly number: number;
  readonly branch: string | null;
  readonly title: string | null;
  readonly body: string | null;
  readonly sha: string | null;
}

/** What `discover` gets. */
export interface DiscoverContext extends PluginContext {
  readonly options: Options;
  /** Root of the repository that the command was given in, or null. */
  readonly root: string | null;
  /** Ids of the session and of the sessions that it continues. */
  readonly sessions: readonly string[];
  /** Pull request that this session waits for, or null. */
  readonly pr: PullRequestInFlight | null;
  /** Resolves with the files that the pull request (or the branch) changed, relative to the root. */
  changedFiles(): Promise<readonly string[]>;
  /** Resolves with the unified diff of the pull request (or of the branch against its base), at most 1 MiB. */
  diff(): Promise<string>;
  /** Seconds until the wait is expected to end, or null. */
  readonly etaS: number | null;
  /** Number of items that p9 uses at most. */
  readonly limit: number;
}

/** Finds pieces of work for the time of a wait. */
export interface QueueSource {
  readonly name: string;
  readonly summary: string;
  readonly options?: OptionSpecs;
  readonly env?: readonly string[];
  /** Seconds that `discover` may take. Default 5. */
  readonly timeoutS?: number;
  /** Finds items, best first. @throws {UnavailableError} with the reason when the source cannot be read. */
  discover(context: DiscoverContext): Promise<readonly FoundItem[]>;
  /** Lists what this source would run or send a credential to because the repository names it: the subjects it passes to `trusted`. */
  runs?(context: RunsContext): Promise<readonly TrustSubject[]>;
}
