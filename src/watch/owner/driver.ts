import { systemClock } from "../../base/clock.ts";
import { isObject } from "../../base/json.ts";
import type { WaitKind } from "../../contract/wait-kind.ts";
import { errorText, StateError } from "../../core/errors.ts";
import { isQueued, needsWatcher, type Wait } from "../../core/wait.ts";
import { waitName } from "../../core/wait-name.ts";
import { reportLine, terminationReport } from "../../inbox/report.ts";
import { homeMark } from "../../store/home-mark.ts";
import { withLock } from "../../store/lock/lock.ts";
import type { WatchDeps } from "../deps.ts";
import { Watch } from "../engine/watch.ts";
import { tidy } from "../keep/keep.ts";
import { promotions } from "../register/slots.ts";
import { OwnNote } from "./driver-note.ts";
import { identifyEnvironment } from "./environment.ts";
import { claimLease, giveBack } from "./lease.ts";
import { isHeld, livenessOf } from "./liveness.ts";
import { isOlderVersion, isWatchedByOlder, replaceOlder } from "./older.ts";
import { driverLock, runningDriver } from "./start-driver.ts";
import { dropDeadNotes } from "./stuck-driver.ts";

/** How a driver runs. */
export interface DriveOptions {
  /** Look after this wait only, in a process of its own. */
  readonly waitId?: string;
  /** End when there has been nothing to do for {@link DriveOptions.idleS}. */
  readonly onDemand: boolean;
  /** @default {5} */
  readonly idleS?: number;
  /** Aborted by TERM, INT or HUP. */
  readonly signal: AbortSignal;
  /** Where reports go: the process's stderr. */
  readonly report: (line: string) => void;
}

/** How often a driver looks for new registrations, in ms. */
const POLL_MS = 500;
/** How often the driver of one wait turns at least, in ms, so that a sleep of the machine is noticed. */
const TURN_MS = 1000;
/** How often it looks whether what ended waits left may go. */
const TIDY_MS = 600_000;
/**
 * A wait is looked at early, together with one that is due, when this share of its pause has passed, so that one request serves
 * both.
 */
const JOIN_SHARE = 0.5;

/**
 * A driver: one process that runs the engine for all waits of its environment. It finds its work in the log, owns each wait by a
 * lease, and gives back on a signal what it has not ended. Resolves when it has nothing left to do, or on the signal.
 */
export async function drive(deps: WatchDeps, options: DriveOptions): Promise<void> {
  const { env_id } = identifyEnvironment(deps.store.home, deps.env);
  if (options.waitId !== undefined) {
    const wait = deps.store.read().waits.get(options.waitId);
    if (wait && isWatchedByOlder(wait, deps)) await replaceOlder(wait.owner, deps, options.signal);
    const note = new OwnNote(deps, `wait-${options.waitId}`);
    return new Driver(deps, options, env_id, note).run().finally(() => note.remove());
  }
  const running = runningDriver(deps, env_id);
  if (running && !isOlderVersion(running.version)) return;
  if (running) await replaceOlder(running, deps, options.signal);
  const alone = await withLock(driverLock(deps, env_id), () => driveAlone(deps, options, env_id), {
    timeoutMs: 200,
  }).catch((error) => {
    if (error instanceof Error && error.name === "LockTimeoutError") return; // Another driver runs.
    throw error;
  });
  return alone;
}

async function driveAlone(deps: WatchDeps, options: DriveOptions, envId: string): Promise<void> {
  dropDeadNotes(deps);
  const note = new OwnNote(deps, envId);
  note.write();
  try {
    await new Driver(deps, options, envId, note).run();
  } finally {
    note.remove();
  }
}

class Driver {
  readonly #deps: WatchDeps;
  readonly #options: DriveOptions;
  readonly #envId: string;
  readonly #note: OwnNote;
  readonly #watches = new Map<string, { watch: Watch; shared: boolean }>();
  readonly #kinds = new Map<string, WaitKind | null>();
  /** Watches in the middle of a step, which may take as long as a look may. */
  readonly #stepping = new Set<Watch>();
  #rest = new AbortController();
  #broken: { readonly error: unknown } | null = null;
  #idleSince: number;
  #tidiedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: WatchDeps, options: DriveOptions, envId: string, note: OwnNote) {
    this.#note = note;
    this.#deps = deps;
    this.#options = options;
    this.#envId = envId;
    this.#idleSince = deps.clock.monotonic();
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    signal.addEventListener("abort", () => this.#rest.abort());
    const home = homeMark(this.#deps.store.home);
    while (!signal.aborted) {
      // A state directory that was removed is not made again by those that it had running.
      if (homeMark(this.#deps.store.home) !== home) return this.#leaveAll();
      await this.#orLater(() => this.#takeUp());
      if (!this.#turn()) return this.#leaveAll();
      this.#tidy();
      this.#stepDue();
      if (this.#watches.size > 0) this.#idleSince = this.#deps.clock.monotonic();
      else if (await this.#orLater(() => this.#mayLeave())) return;
      this.#rest = new AbortController();
      // A look takes real time, whatever clock the driver runs on.
      const clock = this.#stepping.size > 0 ? systemClock : this.#deps.clock;
      if (!signal.aborted && !this.#broken) await clock.sleep(this.#pause(), this.#rest.signal);
      if (this.#broken) throw this.#broken.error;
    }
    await this.#handBack();
  }

  /** Notes that the loop turns, while there is something to watch. False: another process has taken this one's place. */
  #turn(): boolean {
    return this.#watches.size === 0 || this.#note.turn();
  }

  /** Leaves every watch to the process that has taken this one's place, without a word about it in the log. */
  #leaveAll(): void {
    for (const { watch } of this.#watches.values()) watch.leave();
  }

  /** Lets what ended waits left go, beside the watches: none of them waits for it. */
  #tidy(): void {
    const now = this.#deps.clock.monotonic();
    if (now - this.#tidiedAt < TIDY_MS) return;
    this.#tidiedAt = now;
    tidy(this.#deps, this.#options.signal).catch((error) => this.#deps.log.warn(errorText(error)));
  }

  /** Leaves what the state cannot take now (a lock that is held, a full disk) to the next round: every wait of the driver hangs on it. */
  async #orLater<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      this.#deps.log.warn(error.message);
      return undefined;
    }
  }

  /** Claims the waits of this driver that no process watches. */
  async #takeUp(): Promise<void> {
    // Drop waits that a heal or another watch took over, instead of holding them until their next look.
    for (const { watch } of [...this.#watches.values()]) if (!watch.isCurrent) this.#drop(watch);
    for (const wait of this.#work()) {
      // Each claim may wait for a lock.
      if (!this.#turn()) return;
      const { waitId } = this.#options;
      // Check the kind before the claim: a lease on a wait that this process may not run would block the one that may.
      const kind = await this.#kind(wait);
      const claimed =
        kind && (await claimLease(wait, this.#deps, waitId === undefined ? { envId: this.#envId } : { now: true }));
      if (!claimed) continue;
      const config = await this.#deps.config(wait.extra.cwd ?? "/");
      const { signal } = this.#options;
      const watch = new Watch({ wait: claimed, kind, config, deps: this.#deps, mode: "background", signal });
      this.#watches.set(wait.wait_id, { watch, shared: kind.process !== "own" });
    }
  }

  #work(): readonly Wait[] {
    const { waitId } = this.#options;
    return [...this.#deps.store.read().waits.values()].filter((wait) => {
      if (this.#watches.has(wait.wait_id)) return false;
      if (!needsWatcher(wait) && !isQueued(wait)) return false;
      if (waitId !== undefined) return wait.wait_id === waitId;
      if (wait.extra.env_id !== this.#envId || this.#kinds.get(wait.kind)?.process === "own") return false;
      const liveness = livenessOf(wait, this.#deps);
      return liveness === "starting" || !isHeld(liveness);
    });
  }

  /**
   * The kind of a wait, or null when this process may not run it: foreign code and the user's commands run in processes of their
   * own.
   */
  async #kind(wait: Wait): Promise<WaitKind | null> {
    if (!this.#kinds.has(wait.kind)) {
      this.#kinds.set(wait.kind, await this.#deps.kind(wait.kind, wait.extra.cwd ?? "/"));
    }
    const known = this.#kinds.get(wait.kind) ?? null;
    return known?.process === "own" && this.#options.waitId === undefined ? null : known;
  }

  /**
   * Steps every watch that is due, and those of this process that nearly are, so that their requests travel together. Watches do
   * not wait for each other: a look that hangs delays only its own deadline.
   */
  #stepDue(): void {
    const now = this.#deps.clock.monotonic();
    const all = [...this.#watches.values()].filter(({ watch }) => !this.#stepping.has(watch));
    const due = all.filter(({ watch }) => watch.dueAt <= now);
    if (due.length === 0) return;
    const near = all.filter(
      ({ watch, shared }) => shared && watch.dueAt > now && watch.dueAt - now <= watch.pauseMs * JOIN_SHARE,
    );
    for (const { watch } of [...due, ...near]) void this.#step(watch);
  }

  async #step(watch: Watch): Promise<void> {
    this.#stepping.add(watch);
    try {
      const step = await watch.step();
      if (step.next === "ended" && step.wait.extra.silent !== true) this.#tell(step.wait);
      const over = step.next === "lost" || (step.next === "ended" && !step.slow);
      // On a signal the watch stays in the list, so that it is given back even when its step was aborted.
      if (over && !this.#options.signal.aborted) this.#drop(watch);
    } catch (error) {
      this.#broken = { error };
    } finally {
      this.#stepping.delete(watch);
      this.#rest.abort();
    }
  }

  /** Drops a watch that is over or that another process has, and aborts what it still does. */
  #drop(watch: Watch): void {
    if (this.#watches.get(watch.waitId)?.watch !== watch) return;
    this.#watches.delete(watch.waitId);
    watch.leave();
    const wait = this.#deps.store.find(watch.waitId);
    if (wait?.state === "ABANDONED" && wait.extra.cause === "superseded") this.#tell(wait);
  }

  #tell(wait: Wait): void {
    const report = terminationReport(wait);
    this.#options.report(`P9-TERMINATION-REPORT ${JSON.stringify(report)}`);
    this.#options.report(reportLine(wait, report));
  }

  #pause(): number {
    const now = this.#deps.clock.monotonic();
    const resting = [...this.#watches.values()].filter(({ watch }) => !this.#stepping.has(watch));
    const next = Math.min(...resting.map(({ watch }) => watch.dueAt));
    const own = this.#options.waitId !== undefined;
    return Math.max(1, Math.min(next - now, own ? TURN_MS : POLL_MS));
  }

  /** Leaves under the log's lock, so that a later registration sees that no driver runs. */
  async #mayLeave(): Promise<boolean> {
    const { onDemand, idleS = 5, waitId } = this.#options;
    if (waitId !== undefined) return true;
    if (!onDemand || this.#deps.clock.monotonic() - this.#idleSince < idleS * 1000) return false;
    let leave = false;
    await this.#deps.store.commit((view) => {
      const promoted = promotions(view, null, this.#deps);
      leave = promoted.length === 0 && this.#work().length === 0;
      if (leave) this.#note.remove();
      return promoted;
    });
    return leave;
  }

  async #handBack(): Promise<void> {
    this.#leaveAll();
    const { waits } = this.#deps.store.read();
    const mine = [...this.#watches.keys()].flatMap((id) => waits.get(id) ?? []);
    const { reason } = this.#options.signal;
    const cause = isObject(reason) || typeof reason !== "string" ? "released" : reason;
    await giveBack(mine, cause, this.#deps);
    for (const wait of mine)
      this.#options.report(`p9: ${cause}: gave ${waitName(wait)} back; the next p9 command takes it up again`);
  }
}
