import { chmodSync, type Stats, statSync } from "node:fs";
import { type Clock, timestamp } from "../base/clock.ts";
import { counted } from "../base/text.ts";
import { Bus } from "../core/bus.ts";
import { errorText, StateError, UsageError } from "../core/errors.ts";
import type { NewEvent, P9Event, Transition, WaitExtra } from "../core/events.ts";
import { shownRow } from "../core/shown.ts";
import { isFinal, mayFollow, type State } from "../core/states.ts";
import { inherited, type Owner, type Wait } from "../core/wait.ts";
import { withoutSecrets } from "./asked.ts";
import { EventLog } from "./event-log.ts";
import { makeDir } from "./files.ts";
import { View } from "./fold.ts";
import { acceptSpooled } from "./intake.ts";
import { LockTimeoutError, withLock } from "./lock/lock.ts";
import { type Paths, paths } from "./paths.ts";
import { dropSpooled, spoolEvents, spooledEvents } from "./spool.ts";

/** So long one commit takes in what hooks left; others wait for the lock, and the next commit goes on. */
const SPOOL_MS = 2_000;
/** So many files of the spool become durable at once. */
const SPOOL_BATCH = 64;

/** What a store needs from outside. */
export interface StoreOptions {
  readonly clock: Clock;
  /** Receives every event that this process commits. */
  readonly bus?: Bus;
  /** How long to try for the lock. @default {30_000} */
  readonly lockTimeoutMs?: number;
}

/** What a transition changes beside the state. */
export interface Change {
  readonly extra?: WaitExtra;
  readonly attempt?: number;
  readonly score?: number | null;
  readonly session_id?: string;
  /** The new owner. Default: the old one. */
  readonly owner?: Owner;
  readonly pin?: Pick<Transition, "ref" | "pr" | "repo" | "sha"> & { readonly extra: WaitExtra };
  /** More events of the same commit, decided on the view after this transition was admitted. */
  readonly also?: (view: View) => readonly NewEvent[];
}

/**
 * The state store: an append-only log, its fold, and one way to write: {@link Store.commit}. Reads take no lock. A write takes
 * `state.lock`, folds what is new, lets the caller decide on that view, checks the decision against the state machine, appends it
 * in one write, syncs and releases the lock; then the bus notifies the subscribers in the order of the log, without delaying the
 * next commit.
 */
export class Store {
  readonly home: string;
  readonly paths: Paths;
  readonly bus: Bus;
  readonly #clock: Clock;
  readonly #lockTimeoutMs: number;
  readonly #log: EventLog;
  #writing: Promise<unknown> = Promise.resolve();
  #emitting: Promise<void> = Promise.resolve();

  private constructor(home: string, options: StoreOptions) {
    this.home = home;
    this.paths = paths(home);
    this.bus = options.bus ?? new Bus();
    this.#clock = options.clock;
    this.#lockTimeoutMs = options.lockTimeoutMs ?? 30_000;
    this.#log = new EventLog(this.paths, options.clock);
  }

  /** Opens the state directory `home`, which nobody else can enter; it is made with the first write. */
  static open(home: string, options: StoreOptions): Store {
    tighten(home);
    return new Store(home, options);
  }

  /** Returns the current fold of the log. Cheap when nothing is new; takes no lock. */
  read(): View {
    return this.#log.refresh();
  }

  /** The events of the log, oldest first. `since`: milliseconds since the epoch. */
  events(options: { readonly since?: number } = {}): Generator<P9Event> {
    return this.#log.events(options);
  }

  /** The events of the log, newest first; `pr`: of pull requests of that number. */
  eventsBackwards(options: { readonly pr?: number } = {}): Generator<P9Event> {
    return this.#log.eventsBackwards(options);
  }

  /** A wait by its id, also one that the fold has forgotten. */
  find(waitId: string): Wait | null {
    return this.read().waits.get(waitId) ?? this.#log.findForgotten(waitId);
  }

  /** The newest wait for a pull request, also one that the fold has forgotten; `repo` null: of that number in any. */
  findPr(repo: string | null, pr: number): Wait | null {
    return this.read().byPr(repo, pr) ?? this.#log.findForgottenPr(repo, pr);
  }

  /** The newest wait of that kind about a pull request that the log holds, whether the fold has forgotten it or not. */
  findForgottenOf(kind: string, repo: string | null, pr: number): Wait | null {
    return this.#log.findForgottenPr(repo, pr, (event) => event.kind === kind);
  }

  /**
   * Writes the events that `decide` returns for the newest state; an empty answer writes nothing. Resolves when the events are on
   * the disk.
   *
   * @throws {StateError} when they cannot be kept; it carries the events.
   */
  commit(
    decide: (view: View) => readonly NewEvent[],
    options: { readonly lockTimeoutMs?: number } = {},
  ): Promise<readonly P9Event[]> {
    const work = this.#writing.then(() => this.#commit(decide, options.lockTimeoutMs ?? this.#lockTimeoutMs));
    this.#writing = work.catch(() => {});
    return work;
  }

  /**
   * Commits for a hook: tries the lock for 200 ms, then leaves the events in the spool for the next command. True when they were
   * written, false when they were spooled.
   */
  async commitOrSpool(events: readonly NewEvent[]): Promise<boolean> {
    try {
      await this.commit(() => events, { lockTimeoutMs: 200 });
      return true;
    } catch (error) {
      if (!(error instanceof StateError && error.cause instanceof LockTimeoutError)) throw error;
      const safe = events.map((event) => withoutSecrets(event, this.paths.asked));
      spoolEvents(this.paths.spool, safe, this.#clock.now());
      return false;
    }
  }

  /**
   * A compare-and-swap: moves `wait` to `to` if it still has the state and the owner (watcher and generation) that the caller
   * saw. Null, with nothing written, when another process was first.
   */
  async transition(wait: Wait, to: State, change: Change = {}): Promise<Transition | null> {
    const committed = await this.commit((view) => {
      const now = view.waits.get(wait.wait_id) ?? this.#recall(wait.wait_id, view);
      if (!now || !sameTurn(now, wait) || !mayFollow(now.state, to)) return [];
      const row = nextRow(now, to, change);
      return [row, ...(change.also?.(view) ?? [])];
    });
    const first = committed[0];
    return first?.type === "transition" ? first : null;
  }

  /** Puts a forgotten wait back into the view, so that what ended long ago can still be merged, healed or dismissed. */
  #recall(waitId: string, view: View): Wait | null {
    const wait = this.#log.findForgotten(waitId);
    if (wait) view.recall(wait);
    return wait;
  }

  /** Resolves when every subscriber has had every committed event. */
  async settled(): Promise<void> {
    await this.#writing;
    await this.#emitting;
  }

  async #commit(decide: (view: View) => readonly NewEvent[], lockTimeoutMs: number): Promise<readonly P9Event[]> {
    let drafts: readonly NewEvent[] = [];
    try {
      makeDir(this.home);
      // A log that was never folded takes long: nobody waits for the lock meanwhile.
      this.#log.refresh();
      const committed = await withLock(
        this.paths.stateLock,
        () => {
          this.#takeSpoolIn();
          const view = this.#log.refresh();
          drafts = decide(view);
          return this.#append(drafts);
        },
        { timeoutMs: lockTimeoutMs },
      );
      this.#emit(committed);
      return committed;
    } catch (error) {
      if (error instanceof StateError || error instanceof IllegalTransitionError) throw error;
      if (!isSystemError(error)) throw error;
      const lost = drafts.length > 0 ? drafts : this.#decideAnyway(decide);
      const problem = `Cannot keep ${counted(lost.length, "event")} in "${this.paths.state}": ${errorText(error)}`;
      throw new StateError(
        problem,
        this.#stamp(lost).map((event) => shownRow(event)),
        { cause: error },
      );
    }
  }

  /** Decides without the lock, to report the events that could not be kept. */
  #decideAnyway(decide: (view: View) => readonly NewEvent[]): readonly NewEvent[] {
    try {
      return decide(this.read());
    } catch {
      return decide(new View());
    }
  }

  #append(drafts: readonly NewEvent[], options: { readonly sync?: boolean } = {}): readonly P9Event[] {
    if (drafts.length === 0) return [];
    const events = this.#stamp(drafts).map((event) => withoutSecrets(event, this.paths.asked));
    this.#check(events);
    this.#log.append(events, options);
    this.#log.refresh();
    return events;
  }

  #takeSpoolIn(): void {
    const end = performance.now() + SPOOL_MS;
    let taken: string[] = [];
    const drop = () => {
      if (taken.length > 0) this.#log.sync();
      dropSpooled(taken);
      taken = [];
    };
    for (const { path, events } of spooledEvents(this.paths.spool)) {
      // One by one: an event of the file may change what the next one may do.
      for (const event of events) this.#emit(this.#append(acceptSpooled(event, this.#log.refresh()), { sync: false }));
      taken.push(path);
      if (taken.length >= SPOOL_BATCH) drop();
      if (performance.now() > end) break;
    }
    drop();
  }

  #stamp(drafts: readonly NewEvent[]): readonly P9Event[] {
    const ts = timestamp(this.#clock.now());
    return drafts.map(({ type, ts: given, ...rest }) => ({ type, ts: given ?? ts, ...rest }) as P9Event);
  }

  /** Checks events against the state machine, so that no illegal row reaches the log. */
  #check(events: readonly P9Event[]): void {
    const states = new Map<string, State | null>();
    const view = this.#log.refresh();
    for (const event of events) {
      if (event.type !== "transition") continue;
      const id = event.wait_id;
      const from = states.has(id) ? (states.get(id) ?? null) : (view.waits.get(id)?.state ?? null);
      if (!mayFollow(from, event.to_state) || event.from_state !== from)
        throw new IllegalTransitionError(id, from, event.to_state);
      states.set(id, event.to_state);
    }
  }

  #emit(events: readonly P9Event[]): void {
    if (events.length > 0) this.#emitting = this.#emitting.then(() => this.bus.emit(events));
  }
}

/** A bug in the caller: the state machine does not allow the transition. */
class IllegalTransitionError extends Error {
  override readonly name = "IllegalTransitionError";

  constructor(waitId: string, from: State | null, to: State) {
    super(`Cannot move wait "${waitId}" from ${from ?? "nothing"} to ${to}: the state machine does not allow it`);
  }
}

/** Whether two copies of a wait are of the same turn: state, watcher and generation. */
export function sameTurn(a: Wait, b: Wait): boolean {
  return a.state === b.state && a.owner.watcher_id === b.owner.watcher_id && a.owner.generation === b.owner.generation;
}

/** The row that moves `wait` to `to`; it inherits what {@link inherited} names. */
export function nextRow(wait: Wait, to: State, change: Change = {}): NewEvent & { type: "transition" } {
  const owner = change.owner ?? wait.owner;
  return {
    type: "transition",
    wait_id: wait.wait_id,
    kind: wait.kind,
    ref: change.pin?.ref ?? wait.ref,
    pr: change.pin ? change.pin.pr : wait.pr,
    repo: change.pin ? change.pin.repo : wait.repo,
    sha: change.pin ? change.pin.sha : wait.sha,
    from_state: wait.state,
    to_state: to,
    watcher_id: owner.watcher_id,
    attempt: change.attempt ?? wait.attempt,
    evaluator_score: change.score ?? (isFinal(to) ? wait.evaluator_score : null),
    session_id: change.session_id ?? wait.session_id,
    extra: {
      ...inherited(wait.extra),
      ...change.pin?.extra,
      pid: owner.pid,
      pid_start: owner.pid_start,
      boot_id: owner.boot_id,
      generation: owner.generation,
      ...(owner.version === undefined ? {} : { watcher_version: owner.version }),
      ...change.extra,
    },
  };
}

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/**
 * Makes a home 0700 that was made by hand or by the Python p9. One that is shared like `/tmp` is left, and so is what is no folder: a
 * home called `/dev/null` would take that from everybody.
 *
 * @throws {UsageError} for one of another user, who could change what is trusted; root may use one that only its owner can write.
 */
function tighten(home: string): void {
  const stat = statOf(home);
  const me = process.getuid?.();
  if (!stat?.isDirectory() || me === undefined || (stat.mode & STICKY) !== 0) return;
  if (stat.uid !== me && (me !== 0 || (stat.mode & OTHERS_WRITE) !== 0)) {
    throw new UsageError(`Cannot use the state directory "${home}": it belongs to another user`, {
      hint: "BROOMVA_P9_HOME names one of your own",
    });
  }
  try {
    if ((stat.mode & OTHERS) !== 0 && stat.uid === me) chmodSync(home, 0o700);
  } catch {
    // Ignored on a file system without modes.
  }
}

function statOf(home: string): Stats | null {
  try {
    return statSync(home);
  } catch {
    return null; // It does not exist yet, or cannot be; the first write says so.
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof LockTimeoutError || (error instanceof Error && "code" in error);
}
