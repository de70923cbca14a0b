import { Random } from "../../../../model/random.ts";
import type { Comment } from "../../../../servers/github/conversation.ts";
import type { Commit } from "../../../../servers/github/mod.ts";
import type { Pull, Thread } from "../../../../servers/github/pull.ts";
import { BOTS, type Bot } from "./bots.ts";

/** One random history of a pull request's reviews, and what is true of it. */
export class Story {
  readonly random: Random;
  readonly expected: readonly Bot[];
  /** Times at which somebody else said something. */
  readonly words: number[] = [];
  readonly log: string[] = [];
  readonly #pull: Pull;
  readonly #read = new Map<string, Set<Commit>>();
  readonly #begun = new Map<string, Commit>();
  #count = 0;

  constructor(seed: number, pull: Pull) {
    this.random = new Random(seed);
    this.#pull = pull;
    this.expected = BOTS.filter(() => this.random.chance(0.5));
    if (this.expected.length === 0) this.expected = [this.random.pick(BOTS)];
  }

  /** Whether a bot has read the head to its end. */
  hasRead({ name }: Bot): boolean {
    return this.#read.get(name)?.has(this.#pull.head) ?? false;
  }

  /** Threads that are work: of somebody who is trusted, open, and not answered before a later head. */
  work(): readonly Thread[] {
    const { threads, repo, head } = this.#pull;
    return threads.filter((thread) => {
      if (thread.resolved || thread.association === "NONE") return false;
      const last = thread.replies?.at(-1);
      const isFixed = !repo.isAncestor(head.sha, thread.sha ?? "");
      return !(last?.author === "me" && isFixed);
    });
  }

  /** The people whose request for changes stands. */
  requests(): readonly string[] {
    const last = new Map(
      this.#pull.reviews.filter(({ state }) => state !== "COMMENTED").map((one) => [one.author, one]),
    );
    return [...last.values()].filter(({ state }) => state === "CHANGES_REQUESTED").map(({ author }) => author);
  }

  /** Lets something happen. */
  step(): void {
    const what = this.random.weighted([
      ["push", 5],
      ["back", 2],
      ["begin", 8],
      ["end", 8],
      ["refuse", 2],
      ["thread", 3],
      ["reply", 3],
      ["answer", 2],
      ["resolve", 4],
      ["reopen", 1],
      ["opinion", 2],
      ["noise", 10],
      ["draft", 1],
    ] as const);
    this.log.push(`${Math.round(this.#pull.repo.world.elapsed())} ${what}`);
    this[what]();
  }

  /** All that is open comes to its good end. */
  finish(): void {
    const { threads, reviews, repo } = this.#pull;
    for (const thread of threads) thread.resolved = true;
    for (const author of this.requests()) reviews.push({ author, state: "APPROVED", at: repo.world.now() });
    if (this.#pull.draft) this.#pull.setDraft(false);
    for (const bot of this.expected) {
      this.#begun.set(bot.name, this.#pull.head);
      bot.begin(this.#pull, this.#pull.head);
      this.#ends(bot);
    }
  }

  push(): void {
    this.#count += 1;
    const force = this.random.chance(0.3);
    this.#pull.push(`work ${this.#count}`, { force }).checks("test");
    // It takes its reaction back when a push lands.
    this.#pull.reactions = [];
  }

  back(): void {
    const earlier = this.random.pick(this.#pull.heads).commit;
    if (earlier === this.#pull.head) return;
    const label = this.#pull.heads.findIndex(({ commit }) => commit === earlier);
    this.#pull.push(label === 0 ? "head of 42" : earlier.sha, { force: true });
    this.#pull.reactions = [];
  }

  begin(): void {
    const bot = this.random.pick(this.expected);
    if (this.#begun.has(bot.name)) return;
    this.#begun.set(bot.name, this.#pull.head);
    bot.begin(this.#pull, this.#pull.head);
  }

  end(): void {
    const bot = this.random.pick(this.expected);
    if (this.#begun.has(bot.name)) this.#ends(bot);
  }

  #ends(bot: Bot): void {
    const head = this.#begun.get(bot.name)!;
    this.#begun.delete(bot.name);
    bot.end(this.#pull, head, this.random);
    this.#read.set(bot.name, (this.#read.get(bot.name) ?? new Set()).add(head));
  }

  refuse(): void {
    const bot = this.random.pick(this.expected);
    const head = this.#begun.get(bot.name);
    if (!head) return;
    this.#begun.delete(bot.name);
    bot.refuse(this.#pull, head);
  }

  thread(): void {
    const author = this.random.pick([...this.expected.map(({ login }) => login), "ann", "mallory"]);
    const association = author === "mallory" ? "NONE" : undefined;
    const at = this.#pull.repo.world.now();
    this.#count += 1;
    const sha = this.#pull.head.sha;
    this.#pull.threads.push({ path: `src/${this.#count}.ts`, author, association, body: "Look", at, sha });
    if (association === undefined) this.#said();
  }

  reply(): void {
    this.#reply({ author: "me", body: `Done ${this.#count}` });
  }

  answer(): void {
    this.#reply({ author: "ann", body: `Hm ${this.#count}` });
    this.#said();
  }

  resolve(): void {
    for (const thread of this.#pull.threads) if (this.random.chance(0.7)) thread.resolved = true;
  }

  reopen(): void {
    const thread = this.#pull.threads.find(({ resolved }) => resolved);
    if (thread) thread.resolved = false;
  }

  opinion(): void {
    const state = this.random.pick(["CHANGES_REQUESTED", "APPROVED", "DISMISSED"] as const);
    this.#pull.reviews.push({ author: "bea", state, body: "I think so", at: this.#pull.repo.world.now() });
    if (state === "CHANGES_REQUESTED") this.#said();
  }

  draft(): void {
    this.#pull.setDraft(!this.#pull.draft);
  }

  /** What proves nothing: boxes that people tick, comments that are hidden, names that others use. */
  noise(): void {
    const { comments, head, repo, reactions } = this.#pull;
    const now = repo.world.now();
    const bots = comments.filter(({ author }) => author.endsWith("[bot]"));
    const some = bots.length > 0 ? this.random.pick(bots) : null;
    const { login } = this.random.pick(this.expected);
    const bare = login.replace("[bot]", "");
    const short = head.sha.slice(0, 10);
    const makers: readonly (() => void)[] = [
      () => some && Object.assign(some, { body: `${some.body}\n- [x] done`, editedAt: now, editor: "ann" }),
      () => some && Object.assign(some, { minimized: true }),
      () => comments.push({ author: bare, association: "NONE", body: `Reviewed commit: ${short}`, at: now }),
      () => comments.push({ author: "x[bot]", body: `Last reviewed commit: ${short}. Confidence Score: 5/5`, at: now }),
      () => reactions.push({ author: "ann", content: "THUMBS_UP", at: now }),
      () => head.checks({ name: "Greptile Review", app: "github-actions", starts: 0, ends: 0 }),
      () => comments.push({ author: "me", body: "@codex review", at: now }),
      () => comments.push({ author: login, body: "## Walkthrough", at: now }),
    ];
    this.random.pick(makers)();
  }

  #reply(comment: Comment): void {
    const open = this.#pull.threads.filter(({ resolved }) => !resolved);
    if (open.length === 0) return;
    const thread = this.random.pick(open);
    this.#count += 1;
    thread.replies = [...(thread.replies ?? []), { ...comment, at: this.#pull.repo.world.now() }];
  }

  #said(): void {
    this.words.push(this.#pull.repo.world.now());
  }
}
