import type { Commit } from "./commit.ts";
import type { Comment, Reaction } from "./conversation.ts";
import type { Repo } from "./repo.ts";
import type { TimelineEvent } from "./timeline.ts";

/** One submitted review. */
export interface Review {
  author: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  /** Whether the reviewer may push. Default true. Source: GraphQL, `PullRequestReview.authorCanPushToRepository`. */
  canWrite?: boolean;
  /** Whether it is a code owner's. */
  ofOwner?: boolean;
  /** `CommentAuthorAssociation` of the reviewer. Default `MEMBER`, `NONE` for one who may not push. */
  association?: string;
  /** Head that was reviewed. Default: the head at that time. */
  sha?: string;
  body?: string;
  at?: number;
}

/** One review thread: its first comment, and those behind it. */
export interface Thread {
  path: string;
  line?: number;
  side?: "LEFT" | "RIGHT";
  hunk?: string;
  resolved?: boolean;
  outdated?: boolean;
  author?: string;
  /** `CommentAuthorAssociation` of the author. */
  association?: string;
  body?: string;
  /** Head that it was begun on. Default: the first. */
  sha?: string;
  at?: number;
  /** Of its first comment, as of a {@link Comment}. */
  publishedAt?: number;
  editedAt?: number;
  editor?: string;
  replies?: Comment[];
  /** It is part of a review that nobody has submitted; only its author sees it. Source: GraphQL, `PullRequestReviewCommentState`. */
  draft?: boolean;
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
  /** Message of the head's commit. */
  message?: string;
  /** Owner of the fork it comes from. */
  fork?: string;
  /** Name of the fork, where it is not the repository's. */
  forkName?: string;
  /** `CommentAuthorAssociation` of the author. Default `MEMBER`. */
  association?: string;
  /** Seconds for which the API does not know it yet (peter-evans/create-pull-request#4322, NordSecurity/libtelio#1881). */
  appears?: number;
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
  /** `owner/name` of the repository that its branch is in. */
  readonly headRepository: string;
  /** The fork was deleted: GitHub then shows no head repository, no owner and no branch. Source: GraphQL, `PullRequest.headRepository` is nullable. */
  forkDeleted = false;
  readonly author: string;
  readonly association: string;
  base: string;
  title: string;
  body: string;
  draft: boolean;
  /** Paths; `new <- old` for a file that it moves. */
  files: string[];
  labels: string[];
  state: "OPEN" | "CLOSED" | "MERGED" = "OPEN";
  closedAt: number | null = null;
  /** Seconds for which the API goes on showing the earlier head after a push. */
  lag = 0;
  /** Replicas that differ: while the lag lasts, every second answer comes from one that is up to date. */
  flips = false;
  /** Seconds after its creation for which the API does not know it. */
  appears: number;
  /** What happened to it, oldest first. */
  readonly timeline: TimelineEvent[] = [];
  mergeable: "MERGEABLE" | "CONFLICTING" | "UNKNOWN" = "MERGEABLE";
  /** Overrides the derived mergeStateStatus. */
  mergeState: string | null = null;
  /** Overrides the derived review decision. `undefined` = derive. */
  reviewDecision: string | null | undefined = undefined;
  reviews: Review[] = [];
  threads: Thread[] = [];
  /** Comments beside the reviews. */
  comments: Comment[] = [];
  reactions: Reaction[] = [];
  /** Logins, of an app with `[bot]`; a team as `octo/team`. */
  requestedReviewers: string[] = [];
  /** Those of them that GitHub asks because they own a changed file. Source: GraphQL, `ReviewRequest.asCodeOwner`. */
  requestedOwners: string[] = [];
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
    this.headRepository = `${options.fork ?? repo.owner}/${options.forkName ?? repo.name}`;
    this.association = options.association ?? "MEMBER";
    this.appears = options.appears ?? 0;
    this.files = options.files ?? ["src/app.ts"];
    this.labels = options.labels ?? [];
    this.push(options.head ?? `head of ${number}`, { message: options.message });
  }

  /** Whether the API knows it by now. */
  get shown(): boolean {
    return this.repo.world.now() >= this.createdAt + this.appears * 1000;
  }

  /** Pushes a commit to the branch. `force` = it does not stand on the earlier head. Pushing a known sha goes back to it. */
  push(label: string, options: { force?: boolean; lag?: number; message?: string } = {}): Commit {
    const parent = this.heads.at(-1)?.commit.sha ?? this.repo.branchSha(this.base);
    const parents = options.force ? [this.repo.branchSha(this.base)] : [parent];
    const commit = this.repo.commit(label, { parents, message: options.message });
    if (options.lag !== undefined) this.lag = options.lag;
    commit.branch ??= this.branch;
    commit.headRepository ??= this.headRepository;
    const before = this.heads.at(-1)?.commit;
    this.heads.push({ at: this.repo.world.now(), commit });
    if (options.force && before) this.#note("HeadRefForcePushedEvent", { before, after: commit });
    for (const other of this.#twins()) other.heads.push({ at: this.repo.world.now(), commit });
    return commit;
  }

  /** Other open pull requests of the same branch, into another base: a push moves them all. */
  #twins(): Pull[] {
    return [...this.repo.pulls.values()].filter(
      (other) =>
        other !== this &&
        other.state === "OPEN" &&
        other.branch === this.branch &&
        other.headRepository.toLowerCase() === this.headRepository.toLowerCase() &&
        other.head !== this.head,
    );
  }

  /**
   * When it last changed: by a push, an event, a comment, a review. Reactions, edits and the states of threads do not count.
   * Source: docs.github.com, "Sorting issues and pull requests", by their last update.
   */
  get updatedAt(): number {
    const threads = this.threads.flatMap(({ at, replies = [] }) => [at, ...replies.map((reply) => reply.at)]);
    const written = [...threads, ...this.comments.map(({ at }) => at), ...this.reviews.map(({ at }) => at)];
    const events = [...this.heads.map(({ at }) => at), ...this.timeline.map(({ at }) => at), this.closedAt];
    const known = [...written, ...events].filter((at) => typeof at === "number" && at <= this.repo.world.now());
    return Math.max(this.createdAt, ...(known as number[]));
  }

  /** The true head. */
  get head(): Commit {
    return this.heads.at(-1)!.commit;
  }

  /** The head that the pull request's API shows now, lag included. */
  get shownHead(): Commit {
    const now = this.repo.world.now();
    const fresh = this.flips && this.repo.world.requests % 2 === 0;
    const lag = fresh ? 0 : this.lag * 1000;
    const seen = this.heads.filter((head, index) => index === 0 || now >= head.at + lag);
    return seen.at(-1)!.commit;
  }

  /**
   * Puts it into the merge queue: GitHub makes a commit of it on top of the base, on a branch `gh-readonly-queue/<base>/pr-<n>-<base sha>`,
   * and starts the workflows of `merge_group` on that. Source: docs.github.com, "Managing a merge queue".
   * The group's commit is returned, for the test to plan its runs.
   */
  enqueue(label = `group of ${this.number} ${this.timeline.length}`): Commit {
    const { repo } = this;
    const base = repo.branchSha(this.base);
    const group = repo.commit(label, { parents: [base, this.head.sha], message: `Merge pull request #${this.number}` });
    group.branch = `gh-readonly-queue/${this.base}/pr-${this.number}-${base}`;
    this.queue = { state: "AWAITING_CHECKS", position: 1, head: group };
    this.#note("AddedToMergeQueueEvent");
    return group;
  }

  /**
   * Takes it out of the merge queue. The event names the group's commit, whose checks are the reason.
   * Sources: docs.github.com, "Understanding why your pull request was removed from the merge queue"; GraphQL, `RemovedFromMergeQueueEvent`
   * (`reason`, `beforeCommit`); the values `failed_checks` and `merged` as public tools found them (flowglad/onton#379).
   */
  eject(reason = "failed_checks"): void {
    this.#note("RemovedFromMergeQueueEvent", { reason, before: this.queue?.head });
    this.queue = null;
  }

  /** Merges it. */
  merge(): void {
    if (this.queue) this.eject("merged");
    this.#end("MERGED");
    this.#note("MergedEvent");
  }

  /** Closes it without merging. */
  close(): void {
    this.#end("CLOSED");
    this.#note("ClosedEvent");
  }

  /** Opens it again. */
  reopen(): void {
    this.state = "OPEN";
    this.closedAt = null;
    this.#note("ReopenedEvent");
  }

  /** Makes it a draft, or ready for review. */
  setDraft(draft: boolean): void {
    this.draft = draft;
    this.#note(draft ? "ConvertToDraftEvent" : "ReadyForReviewEvent");
  }

  #note(type: TimelineEvent["type"], more: Partial<TimelineEvent> = {}): void {
    this.timeline.push({ type, at: this.repo.world.now(), ...more });
  }

  #end(state: "MERGED" | "CLOSED"): void {
    this.state = state;
    this.closedAt = this.repo.world.now();
    this.queue = null;
  }
}
