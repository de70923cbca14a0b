import { timestamp } from "../base/clock.ts";
import { isRunning } from "../core/states.ts";
import { isQueued, type Wait } from "../core/wait.ts";
import type { ProcessFacts, ProcessState } from "../process/this-machine.ts";
import { Queue } from "../queue/store/queue.ts";
import type { LookRecord } from "../watch/engine/look-file.ts";
import { ownerLives } from "../watch/owner/liveness.ts";
import { LookReader } from "./look-reader.ts";
import { queuedWork, type ShownItem } from "./queued-work.ts";
import { type ShownWait, shownWait } from "./shown-wait.ts";
import { shownWaits } from "./shown-waits.ts";
import { type RowDeps, statusRow } from "./status-row.ts";
import { type ShownTold, TellingReader, type Untold } from "./told.ts";

/**
 * THE MODEL of everything that p9 shows live: `p9 top` draws it, and any other view may. One value of plain data, which
 * `JSON.stringify` keeps whole; see {@link SituationReader} for where it comes from and `follow-home.ts` for when to read it again.
 */
export interface Situation {
  /** Time stamp: when it was found to have changed last. */
  readonly changed_at: string;
  /** What runs, oldest first, then what ended, newest first; without what is ready to merge. */
  readonly waits: readonly ShownWait[];
  /** What is ready to merge, newest first. */
  readonly ready: readonly ShownWait[];
  /** The queue of every session, what is taken first. */
  readonly queue: readonly ShownItem[];
  /** The last tellings, newest first. */
  readonly told: readonly ShownTold[];
  /** Sessions with endings that they have not heard of. */
  readonly untold: readonly Untold[];
}

/** A wait as it was shown last, and what that was made from. */
interface Kept {
  readonly wait: Wait;
  readonly look: LookRecord | null;
  readonly alive: boolean;
  readonly turn: number;
  readonly shown: ShownWait;
}

/** Reads the {@link Situation} of a state directory again and again, each time only what is new in its files. Takes no lock. */
export class SituationReader {
  readonly #deps: RowDeps;
  readonly #queue: Queue;
  readonly #looks: LookReader;
  readonly #tellings: TellingReader;
  #kept = new Map<string, Kept>();
  /** Grows whenever a wait or a watcher changed: the words about slots depend on all of them. */
  #turn = 0;
  #last: Situation | null = null;

  constructor(deps: RowDeps) {
    this.#deps = deps;
    this.#queue = new Queue(deps.store.home, { clock: deps.clock });
    this.#looks = new LookReader(deps.store.paths.looks);
    this.#tellings = new TellingReader(deps.store.paths);
  }

  /** The present situation: the same object as before while nothing changed. */
  read(): Situation {
    const all = this.#readWaits();
    const now: Omit<Situation, "changed_at"> = {
      waits: inOrder(all.filter(({ state }) => state !== "MERGE_READY")),
      ready: inOrder(all.filter(({ state }) => state === "MERGE_READY")),
      queue: queuedWork(this.#queue, this.#deps),
      told: this.#tellings.told(this.#deps.store.read().waits),
      untold: this.#tellings.untold(),
    };
    if (this.#last && isSame(this.#last, now)) return this.#last;
    this.#last = { changed_at: timestamp(this.#deps.clock.now()), ...now };
    return this.#last;
  }

  #readWaits(): readonly ShownWait[] {
    const { store, clock } = this.#deps;
    // One process watches many waits: it is looked at once.
    const deps = { ...this.#deps, processes: remembering(this.#deps.processes) };
    const found = shownWaits(store.read(), clock.now()).map((wait) => ({
      wait,
      look: this.#looks.of(wait),
      alive: ownerLives(wait, deps),
    }));
    const isKnown = ({ wait, alive }: { wait: Wait; alive: boolean }) => {
      const known = this.#kept.get(wait.wait_id);
      return known?.wait === wait && known.alive === alive;
    };
    if (found.length !== this.#kept.size || !found.every(isKnown)) this.#turn += 1;
    const kept = found.map(({ wait, look, alive }): Kept => {
      const known = this.#kept.get(wait.wait_id);
      const same = known?.wait === wait && known.look === look && known.alive === alive;
      if (same && (known.turn === this.#turn || !isQueued(wait))) return known;
      return { wait, look, alive, turn: this.#turn, shown: shownWait(wait, statusRow(wait, look, deps), look) };
    });
    this.#kept = new Map(kept.map((one) => [one.wait.wait_id, one]));
    return kept.map(({ shown }) => shown);
  }
}

/** What runs comes first, in the order of its start; then what ended, the newest first. */
function inOrder(waits: readonly ShownWait[]): readonly ShownWait[] {
  const live = waits.filter(({ state }) => isRunning(state));
  const ended = waits.filter(({ state }) => !isRunning(state));
  return [...live, ...ended.sort((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0))];
}

function isSame(before: Situation, now: Omit<Situation, "changed_at">): boolean {
  const sameMembers = (a: readonly object[], b: readonly object[]) =>
    a.length === b.length && a.every((member, at) => member === b[at]);
  return (
    sameMembers(before.waits, now.waits) &&
    sameMembers(before.ready, now.ready) &&
    before.told === now.told &&
    before.untold === now.untold &&
    JSON.stringify(before.queue) === JSON.stringify(now.queue)
  );
}

function remembering(processes: ProcessFacts): ProcessFacts {
  const known = new Map<number, ProcessState>();
  const boot = processes.bootId();
  return {
    self: () => processes.self(),
    bootId: () => boot,
    inspect: (pid) => {
      const state = known.get(pid) ?? processes.inspect(pid);
      known.set(pid, state);
      return state;
    },
  };
}
