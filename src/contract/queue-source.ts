import type { PluginContext, RunsContext, TrustSubject } from "./context.ts";
import type { OptionSpecs, Options } from "./options.ts";

/** Where a piece of work may be done while a pull request is in flight. */
export type IsolationTier = "none" | "worktree" | "stacked_branch" | "blocked";

/** A piece of work that a source offers. */
export interface FoundItem {
  /** What to do, in one or two sentences. Text from outside. */
  readonly item: string;
  /** Stable name of this piece of work within the source: what was done is not offered again under the same key. */
  readonly key: string;
  /** Paths, relative to the repository's root. */
  readonly files?: readonly string[];
  /** How long it may take. */
  readonly minutes?: number;
  readonly tier?: IsolationTier;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number;
  /** Why it is offered, in a few words. */
  readonly why?: string;
}

/** The pull request in flight, as far as it is known. */
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
  /** The session and all that it inherits from. */
  readonly sessions: readonly string[];
  /** The pull request that this session waits for, or null. */
  readonly pr: PullRequestInFlight | null;
  /** Files that the pull request (or the branch) changed, relative to the root. */
  changedFiles(): Promise<readonly string[]>;
  /** Unified diff of the pull request (or the branch against its base), at most 1 MiB. */
  diff(): Promise<string>;
  /** Seconds until the wait is expected to end, or null. */
  readonly etaS: number | null;
  /** At most so many items are of use. */
  readonly limit: number;
}

/** Where work comes from. */
export interface QueueSource {
  readonly name: string;
  readonly summary: string;
  readonly options?: OptionSpecs;
  readonly env?: readonly string[];
  /** Seconds that `discover` may take. Default 5. */
  readonly timeoutS?: number;
  /** Items, best first. @throws {UnavailableError} with the reason when the source cannot be asked. */
  discover(context: DiscoverContext): Promise<readonly FoundItem[]>;
  /** What this source would run, or send a credential to, because the repository names it: what it asks `trusted` for. */
  runs?(context: RunsContext): Promise<readonly TrustSubject[]>;
}
