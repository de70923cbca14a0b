import type { Commit } from "./commit.ts";
import type { Repo } from "./repo.ts";

/** One submitted review. */
export interface Review {
  author: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  /** Head that was reviewed. Default: the head at that time. */
  sha?: string;
  body?: string;
  at?: number;
}

/** One review thread. */
export interface Thread {
  path: string;
  line?: number;
  resolved?: boolean;
  outdated?: boolean;
  author?: string;
  body?: string;
}

/** How a pull request is opened. */
export interface PullOptions {
  head?: string;
  branch?: string;
  base?: string;
  title?: string;
  body?: string;
  author?: string;
  draft?: boolean;
  /** Owner of the fork it comes from. */
  fork?: string;
  files?: string[];
  labels?: string[];
}

/** One pull request. Everything may be set at any time, by hand or in `world.at`. */
export class Pull {
  readonly repo: Repo;
  readonly number: number;
  readonly branch: string;
  readonly createdAt: number;
  readonly heads: { at: number; commit: Commit }[] = [];
  readonly fork: string | null;
  readonly author: string;
  base: string;
  title: string;
  body: string;
  draft: boolean;
  files: string[];
  labels: string[];
  state: "OPEN" | "CLOSED" | "MERGED" = "OPEN";
  closedAt: number | null = null;
  /** Seconds for which the API goes on showing the earlier head after a push. */
  lag = 0;
  mergeable: "MERGEABLE" | "CONFLICTING" | "UNKNOWN" = "MERGEABLE";
  /** Overrides the derived mergeStateStatus. */
  mergeState: string | null = null;
  /** Overrides the derived review decision. `undefined` = derive. */
  reviewDecision: string | null | undefined = undefined;
  reviews: Review[] = [];
  threads: Thread[] = [];
  requestedReviewers: string[] = [];
  /** State of its merge queue entry; `null` = not queued. */
  queue: { state: string; position: number; head?: Commit } | null = null;
  autoMerge: string | null = null;

  constructor(repo: Repo, number: number, options: PullOptions) {
    this.repo = repo;
    this.number = number;
    this.branch = options.branch ?? `feature-${number}`;
    this.createdAt = repo.world.now();
    this.base = options.base ?? repo.defaultBranch;
    this.title = options.title ?? `Change number ${number}`;
    this.body = options.body ?? "";
    this.author = options.author ?? "octocat";
    this.draft = options.draft ?? false;
    this.fork = options.fork ?? null;
    this.files = options.files ?? ["src/app.ts"];
    this.labels = options.labels ?? [];
    this.push(options.head ?? `head of ${number}`);
  }

  /** Pushes a commit to the branch. `force` = it does not stand on the earlier head. Pushing a known sha goes back to it. */
  push(label: string, options: { force?: boolean; lag?: number; message?: string } = {}): Commit {
    const parent = this.heads.at(-1)?.commit.sha ?? this.repo.branchSha(this.base);
    const parents = options.force ? [this.repo.branchSha(this.base)] : [parent];
    const commit = this.repo.commit(label, { parents, message: options.message });
    if (options.lag !== undefined) this.lag = options.lag;
    commit.branch ??= this.branch;
    this.heads.push({ at: this.repo.world.now(), commit });
    return commit;
  }

  /** The true head. */
  get head(): Commit {
    return this.heads.at(-1)!.commit;
  }

  /** The head that the pull request's API shows now, lag included. */
  get shownHead(): Commit {
    const now = this.repo.world.now();
    const seen = this.heads.filter((head, index) => index === 0 || now >= head.at + this.lag * 1000);
    return seen.at(-1)!.commit;
  }

  /** Merges it. */
  merge(): void {
    this.#end("MERGED");
  }

  /** Closes it without merging. */
  close(): void {
    this.#end("CLOSED");
  }

  /** Opens it again. */
  reopen(): void {
    this.state = "OPEN";
    this.closedAt = null;
  }

  #end(state: "MERGED" | "CLOSED"): void {
    this.state = state;
    this.closedAt = this.repo.world.now();
    this.queue = null;
  }
}
