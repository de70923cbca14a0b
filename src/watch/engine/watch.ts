import { asciiJson } from "../../base/json.ts";
import { oneLine } from "../../base/text.ts";
import type { PluginContext } from "../../contract/context.ts";
import { RefError } from "../../contract/errors.ts";
import { isOutcome, type LookResult, type Pin, type WaitKind } from "../../contract/wait-kind.ts";
import { errorCode, errorText, StateError } from "../../core/errors.ts";
import { asObservation } from "../../core/observation.ts";
import { isQueued, needsWatcher, type Wait } from "../../core/wait.ts";
import { asAsked } from "../../store/asked.ts";
import type { WatchConfig, WatchDeps } from "../deps.ts";
import { EndedParts } from "../ended-parts.ts";
import { LOOK_LIMIT_S, QUEUED_LOOK_S, queuedLook, takeFreeSlots, takeSlot } from "../register/queued.ts";
import { startAlso } from "../register/start-also.ts";
import { bindPin, followPin, requestOf } from "./bind.ts";
import { backoff } from "./cadence.ts";
import { type Ending, writeEnding } from "./ending.ts";
import { timeGrace } from "./graces.ts";
import { contextOf, lookContextOf } from "./look-context.ts";
import { lookOfCycle } from "./look-file.ts";
import { LookMemory } from "./look-memory.ts";
import { recordNotes } from "./notes.ts";
import { Observer } from "./observer.ts";
import { namedSafely, pinOf } from "./pin.ts";
import { Schedule } from "./schedule.ts";
import { settleOutcome } from "./settle.ts";
import { slowStep } from "./slow/slow-step.ts";
import { DeadlineError, withinLimits } from "./time-limit.ts";

/** What one step of a watch came to. */
export type Step =
  /** Look again when {@link Watch.dueAt} has come. */
  | { readonly next: "look" }
  /** The watch has its verdict; `slow`: it goes on, slowly. */
  | { readonly next: "ended"; readonly wait: Wait; readonly slow: boolean }
  /** Another process has the wait now, or ended it. */
  | { readonly next: "lost"; readonly wait: Wait | null }
  /** A permanent error (no permission, no repository): the foreground command reports it and exits. */
  | { readonly next: "external"; readonly wait: Wait; readonly message: string; readonly needs: string | null };

/** What a watch is made of. */
export interface WatchInput {
  readonly wait: Wait;
  readonly kind: WaitKind;
  readonly config: WatchConfig;
  readonly deps: WatchDeps;
  readonly mode: "foreground" | "background";
  readonly signal: AbortSignal;
}

/** A foreground watch gives up after this many consecutive permanent errors. */
const LASTING_ERRORS = 2;
const DEFAULT_SLOW_LOOK_S = 300;
/** Time limit for the classification of a red wait, in seconds. */
const CLASSIFY_LIMIT_S = 120;
/** How long the deadline of a command waits for its end, in seconds; the end goes on without p9. */
const END_LIMIT_S = 0.5;
/** How often the deadline is checked while something is under way, in ms. */
const COUNT_MS = 1000;

/** A wait with a pin that can be looked at, or what came of the attempt to find it. */
type Bound = { readonly bound: Wait; readonly step?: undefined } | { readonly bound?: undefined; readonly step: Step };

/**
 * THE ENGINE: one watch of one wait. Pin → look → settle → end. It owns all time: cadence, deadline, graces, backoff; it never
 * sleeps itself, so that a driver can run a hundred of it and a test can run it on its own clock.
 */
export class Watch {
  readonly waitId: string;
  readonly #input: WatchInput;
  readonly #memory: LookMemory;
  readonly #noted = new Set<string>();
  readonly #schedule: Schedule;
  #wait: Wait;
  #lasting = 0;
  readonly #observer: Observer;
  readonly #parts = new EndedParts();
  #begun = false;
  readonly #over = new AbortController();
  /** Aborted when this watch is left or its process is to end: one signal for the life of the watch. */
  readonly #unwanted: AbortSignal;

  constructor(input: WatchInput) {
    const { wait, deps, signal } = input;
    this.#unwanted = AbortSignal.any([signal, this.#over.signal]);
    this.#input = input;
    this.#wait = wait;
    this.waitId = wait.wait_id;
    this.#observer = new Observer(deps.clock);
    this.#memory = new LookMemory(wait, deps.store.paths, deps.clock);
    const used = lookOfCycle(deps.store.paths.looks, wait)?.active_used ?? wait.extra.active_used ?? 0;
    this.#schedule = new Schedule(deps, used);
  }

  /** When the next step is due, on the monotonic clock. */
  get dueAt(): number {
    return this.#observer.woken || this.#isRenamed ? 0 : this.#schedule.dueAt;
  }

  /** Whether the wait was given another target since the last step: a pull request that was made of its branch. */
  get #isRenamed(): boolean {
    const key = this.#logged()?.extra.key;
    return key !== undefined && key !== this.#wait.extra.key;
  }

  /** The pause that the next step is due after, in ms: a driver may look a part of it sooner, to look at several at once. */
  get pauseMs(): number {
    return this.#schedule.pauseMs;
  }

  /** Whether the log still names this watch as the one that looks. */
  get isCurrent(): boolean {
    const wait = this.#logged();
    return wait !== undefined && this.#owns(wait);
  }

  /** Looks once and acts on the result. Ends at the deadline, whatever the look does. */
  async step(): Promise<Step> {
    const wait = this.#refresh();
    if (!wait) return this.#lost();
    if (isQueued(wait)) return this.#stepQueued(wait);
    if (this.#schedule.hasRunOut(wait)) return this.#timeOut(wait);
    try {
      const { bound, step } = await this.#bind(wait);
      if (step) return step;
      const result = await this.#look(bound);
      return await this.#judge(bound, result, wait.extra.slow === true);
    } catch (error) {
      return this.#onError(this.#refresh() ?? wait, error);
    }
  }

  /** Looks at a wait that has no slot, now and then: with its verdict it needs one for the time only that it takes to be told. */
  async #stepQueued(wait: Wait): Promise<Step> {
    const { deps } = this.#input;
    try {
      const result = await queuedLook(this.#input, wait, this.#memory, this.#unwanted);
      await this.#follow(wait, result);
      const now = this.#refresh();
      if (!now) return this.#lost();
      this.#memory.record(now, result, this.#schedule.usedS);
      if (isOutcome(result.status) && isQueued(now) && (await takeSlot(now, deps))) return this.#lookIn(0);
      await takeFreeSlots(deps);
    } catch (error) {
      if (this.#unwanted.aborted) return this.#lost();
      deps.log.warn(`${wait.ref}: look failed: ${errorText(error)}`);
    }
    return this.#lookIn(wait.extra.interval ?? QUEUED_LOOK_S);
  }

  /** Aborts what is under way, because another process has the wait. This watch writes nothing any more. */
  leave(): void {
    this.#observer.stop();
    this.#parts.stop();
    this.#over.abort();
  }

  /** Ends the watch on a signal or by an abandonment. Null when it was over already. */
  async stop(ending: Ending): Promise<Wait | null> {
    const { kind, deps } = this.#input;
    this.#observer.stop();
    this.#parts.stop();
    const wait = this.#refresh();
    return wait && writeEnding(wait, kind, { ...ending, activeS: this.#schedule.spend() }, deps);
  }

  /** The wait as the log has it now. */
  #logged(): Wait | undefined {
    return this.#input.deps.store.read().waits.get(this.waitId);
  }

  /** Whether this watch is the watcher of the wait, in this turn. */
  #owns({ owner }: Wait): boolean {
    const { watcher_id, generation } = this.#wait.owner;
    return owner.watcher_id === watcher_id && owner.generation === generation;
  }

  /**
   * Takes in what the log says of the wait now, and starts over when it has another target or another cycle. Null: this watch has
   * it no more.
   */
  #refresh(): Wait | null {
    const now = this.#logged();
    if (!now || !this.#owns(now) || !(needsWatcher(now) || isQueued(now))) return null;
    const { cycle_at, sha } = this.#wait;
    if (now.cycle_at !== cycle_at) this.#newCycle();
    else if (now.sha !== sha) this.#newTarget();
    this.#wait = now;
    return now;
  }

  #lost(): Step {
    this.leave();
    return { next: "lost", wait: this.#input.deps.store.find(this.waitId) };
  }

  /** Starts over for another commit: what was seen before does not count. */
  #newTarget(): void {
    this.#observer.stop();
    this.#memory.reset();
    this.#schedule.newTarget();
  }

  #newCycle(): void {
    this.#newTarget();
    this.#memory.newCycle();
    this.#schedule.newCycle();
  }

  /** Has the kind look up what the wait does not know yet, and begin what it begins itself. */
  async #bind(wait: Wait): Promise<Bound> {
    const { asked } = this.#input.deps.store.paths;
    const pin = pinOf(asAsked(wait, asked));
    if (!pin.complete) return this.#lookUp(wait, pin);
    const { kind, deps } = this.#input;
    const { begin } = kind;
    if (!begin || this.#begun) return { bound: wait };
    const begun = await this.#limited("Starting it", wait, (context) =>
      begin.call(kind, pin, lookContextOf(wait, context, this.#memory, deps)),
    );
    this.#begun = true;
    await followPin(wait, begun, "started", deps);
    return this.#refreshed();
  }

  async #lookUp(wait: Wait, previous: Pin): Promise<Bound> {
    const { kind, deps } = this.#input;
    const pin = await this.#limited("Looking it up", wait, (context) =>
      kind.pin(requestOf(asAsked(wait, deps.store.paths.asked), previous), { ...context, previous }),
    );
    const { bound, ending, reason, leftS } = await bindPin(wait, kind, namedSafely(pin), this.#schedule.usedS, deps);
    if (bound) return this.#refreshed();
    if (ending) return { step: await this.#end(wait, ending) };
    this.#memory.record(wait, { status: "waiting", reason }, this.#schedule.usedS);
    return { step: this.#planNext(0, leftS) };
  }

  #refreshed(): Bound {
    const bound = this.#refresh();
    return bound ? { bound } : { step: this.#lost() };
  }

  async #look(wait: Wait): Promise<LookResult> {
    const { kind, deps } = this.#input;
    this.#observer.looked();
    const result = await this.#limited("Looking", wait, (context) =>
      kind.look(lookContextOf(wait, context, this.#memory, deps)),
    );
    deps.log.info(`${wait.ref}: ${result.status}: ${oneLine(result.reason)}`);
    this.#memory.looks += 1;
    return result;
  }

  /** Runs a call of the kind within the time limit of a look and the deadline. */
  async #limited<T>(what: string, wait: Wait, work: (context: PluginContext) => Promise<T>): Promise<T> {
    const { kind, config, deps } = this.#input;
    try {
      return await this.#within(what, kind.lookTimeoutS ?? LOOK_LIMIT_S, async (signal) =>
        work(await contextOf(wait, kind, config, deps, signal)),
      );
    } catch (error) {
      if (error instanceof DeadlineError) this.#memory.underWay = what;
      throw error;
    }
  }

  #within<T>(what: string, limitS: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const leftS = () => this.#schedule.countDown(this.#wait, COUNT_MS);
    return withinLimits({ what, limitS, leftS, signal: this.#unwanted }, work);
  }

  async #judge(wait: Wait, result: LookResult, slow: boolean): Promise<Step> {
    const { deps, config } = this.#input;
    const memory = this.#memory;
    memory.errors = 0;
    memory.error = null;
    memory.needs = null;
    this.#lasting = 0;
    await recordNotes(wait, result, this.#noted, deps);
    await this.#follow(wait, result);
    const now = this.#refresh();
    if (!now) return this.#lost();
    if (slow) return this.#judgeSlow(now, result);
    const at = { activeS: this.#schedule.usedS, now: deps.clock.now(), graces: config.grace };
    const grace = timeGrace(result.grace, memory.graces, at);
    memory.graces = grace.clock;
    memory.record(now, result, this.#schedule.usedS);
    if (isOutcome(result.status)) return this.#settle(now, result, result.status);
    this.#parts.tell(now, result, false, deps);
    memory.settling = null;
    const over = grace.over?.outcome;
    if (grace.over && over && over !== "ignore") {
      return this.#end(now, { outcome: over, cause: "look", reason: grace.over.reason, look: result });
    }
    this.#observe(now);
    return this.#planNext(result.notBeforeS ?? 0, grace.leftS);
  }

  /** Follows a target that a look found elsewhere: another head, another name. */
  async #follow(wait: Wait, { pin, note, moved }: LookResult): Promise<void> {
    if (pin) await followPin(wait, pin, note ?? "The target moved", this.#input.deps);
    if (moved) this.#newTarget();
  }

  /** Lets the kind's own signal wake the next look. */
  #observe(wait: Wait): void {
    const { kind, config, deps } = this.#input;
    if (config.observer !== "gh" || !kind.observe) return;
    this.#observer.start(async (end) => {
      const context = await contextOf(wait, kind, config, deps, end);
      await kind.observe?.(lookContextOf(wait, context, this.#memory, deps));
    });
  }

  async #settle(wait: Wait, result: LookResult, outcome: Ending["outcome"]): Promise<Step> {
    const settled = settleOutcome(result, this.#memory.settling, this.#input.deps.clock.now());
    if (settled.believed) return this.#end(wait, { outcome, cause: "look", reason: result.reason, look: result });
    this.#memory.settling = settled.settling;
    this.#parts.tell(wait, result, false, this.#input.deps);
    return this.#lookIn(settled.nextS);
  }

  async #judgeSlow(wait: Wait, result: LookResult): Promise<Step> {
    const { deps } = this.#input;
    this.#memory.record(wait, result, this.#schedule.usedS);
    this.#parts.tell(wait, result, false, deps);
    await startAlso(wait, result, deps);
    const next = await this.#limited("Looking at what it came to", wait, (context) =>
      slowStep(wait, result, lookContextOf(wait, context, this.#memory, deps), deps),
    );
    if (next.ending) return this.#end(wait, next.ending);
    if (next.over) return this.#lost();
    return this.#lookIn(next.cycle ? 0 : this.#slowS);
  }

  get #slowS(): number {
    return this.#input.config.grace.slow_look ?? DEFAULT_SLOW_LOOK_S;
  }

  async #end(wait: Wait, ending: Ending): Promise<Step> {
    const { deps, kind, mode } = this.#input;
    this.#observer.stop();
    const slow = mode === "background" && kind.slowAfterVerdict === true;
    const told = { ...ending, slow, activeS: this.#schedule.usedS, since: this.#memory.since(wait) };
    const ended = await writeEnding(wait, kind, told, deps, (work) =>
      this.#within("Classifying it", CLASSIFY_LIMIT_S, work),
    );
    if (!ended) return this.#lost();
    if (ending.look) this.#parts.tell(ended, ending.look, true, deps);
    this.#wait = ended;
    this.#lookIn(this.#slowS);
    return { next: "ended", wait: ended, slow: ended.extra.slow === true };
  }

  async #timeOut(wait: Wait): Promise<Step> {
    const { kind, config, deps } = this.#input;
    if (!pinOf(wait).complete && !this.#memory.seen) this.#memory.underWay ??= "Looking it up";
    const look = this.#memory.seen ?? undefined;
    const told = this.#memory.timedOut(Math.round(wait.extra.deadline ?? 0));
    const step = await this.#end(wait, { outcome: "timed_out", cause: "deadline", look, ...told });
    const { end } = kind;
    if (wait.extra.deadline_by_hand === true && step.next === "ended" && end) {
      const limits = { what: "Ending it", limitS: END_LIMIT_S, leftS: () => Number.POSITIVE_INFINITY };
      await withinLimits({ ...limits, signal: new AbortController().signal }, async (signal) =>
        end.call(kind, pinOf(asAsked(wait, deps.store.paths.asked)), await contextOf(wait, kind, config, deps, signal)),
      ).catch((error) => deps.log.warn(`${wait.ref} is still being ended: ${errorText(error)}`));
    }
    return step;
  }

  async #onError(wait: Wait, error: unknown): Promise<Step> {
    if (this.#unwanted.aborted) return this.#lost();
    if (error instanceof DeadlineError) return this.#timeOut(wait);
    if (error instanceof StateError) return this.#onStateLost(error);
    if (["ENOSPC", "EDQUOT", "EROFS"].includes(errorCode(error) ?? "")) {
      const message = `Cannot keep what belongs to "${wait.ref}": ${errorText(error)}`;
      return this.#onStateLost(new StateError(message, [wait.last], { cause: error }));
    }
    if (error instanceof RefError) {
      return this.#end(wait, { outcome: "unknown", cause: "error:RefError", reason: error.message });
    }
    return this.#failed(wait, error);
  }

  /** Handles state that could not be written: a command exits with 99, a driver reports it and tries again. */
  #onStateLost(error: StateError): Step {
    const { mode, deps } = this.#input;
    if (mode === "foreground") throw error;
    deps.log.warn(`${error.message}: ${asciiJson(error.events)}`);
    this.#memory.settling = null;
    return this.#lookIn(5);
  }

  /** Handles an observation error, which is never a result: back off, count, show. */
  async #failed(wait: Wait, error: unknown): Promise<Step> {
    const { deps, mode } = this.#input;
    const memory = this.#memory;
    const known = asObservation(error);
    memory.errors += 1;
    memory.error = known ? known.message : `${wait.kind}: ${errorText(error)}`;
    memory.needs = known?.needs ?? null;
    memory.settling = null;
    this.#lasting = known?.lasting ? this.#lasting + 1 : 0;
    deps.log.warn(`${wait.ref}: look failed (${memory.errors}): ${memory.error}`);
    const needs = known?.needs;
    if (needs !== undefined && needs !== wait.needs) {
      const event = { type: "wait.needs", wait_id: this.waitId, needs: oneLine(needs) } as const;
      await deps.store.commit((view) => (view.waits.has(this.waitId) ? [event] : []));
    }
    memory.record(wait, null, this.#schedule.usedS);
    if (mode === "foreground" && this.#lasting >= LASTING_ERRORS) {
      return { next: "external", wait, message: memory.error, needs: needs ?? null };
    }
    return this.#lookIn(backoff(memory.errors, known?.retryAfterS ?? 0, deps.random()));
  }

  #planNext(notBeforeS: number, withinS: number | null): Step {
    const expectedAt = this.#memory.expectedAt(this.#wait);
    this.#schedule.planLook(this.#wait, { interval: this.#input.kind.interval, expectedAt, notBeforeS, withinS });
    return { next: "look" };
  }

  #lookIn(seconds: number): Step {
    this.#schedule.setDue(this.#wait, seconds);
    return { next: "look" };
  }
}
