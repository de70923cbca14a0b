import { asciiJson } from "../../base/json.ts";
import { oneLine } from "../../base/text.ts";
import { withTimeLimit } from "../../base/time-limit.ts";
import { RefError } from "../../contract/errors.ts";
import { isOutcome, type LookResult, type WaitKind } from "../../contract/wait-kind.ts";
import { errorCode, errorText, StateError } from "../../core/errors.ts";
import { asObservation, ObservationError } from "../../core/observation.ts";
import { needsWatcher, type Wait } from "../../core/wait.ts";
import type { WatchConfig, WatchDeps } from "../deps.ts";
import { ActiveTime } from "./active-time.ts";
import { bindPin, followPin } from "./bind.ts";
import { backoff, nextLook, QUICK_LOOKS } from "./cadence.ts";
import { type Ending, writeEnding } from "./ending.ts";
import { timeGrace } from "./graces.ts";
import { contextOf, lookContextOf } from "./look-context.ts";
import { Sight } from "./look-memory.ts";
import { noteNews } from "./notes.ts";
import { Observer } from "./observer.ts";
import { pinOf } from "./pin.ts";
import { settleOutcome } from "./settle.ts";
import { slowStep } from "./slow.ts";

/** What one step of a watch came to. */
export type Step =
  /** Look again when {@link Watch.dueAt} has come. */
  | { readonly next: "look" }
  /** The watch has its verdict; `slow`: it goes on, slowly. */
  | { readonly next: "ended"; readonly wait: Wait; readonly slow: boolean }
  /** Somebody else has the wait now, or ended it. */
  | { readonly next: "lost"; readonly wait: Wait | null }
  /** Looking cannot work by waiting (no permission, no repository): for the foreground, which says so and leaves. */
  | { readonly next: "external"; readonly wait: Wait; readonly message: string };

/** What a watch is made of. */
export interface WatchInput {
  readonly wait: Wait;
  readonly kind: WaitKind;
  readonly config: WatchConfig;
  readonly deps: WatchDeps;
  readonly mode: "foreground" | "background";
  readonly signal: AbortSignal;
}

/** So many errors in a row that no waiting mends end a foreground watch. */
const LASTING_ERRORS = 2;
const DEFAULT_INTERVAL = { firstS: 5, maxS: 60 };
const DEFAULT_LOOK_LIMIT_S = 60;
const DEFAULT_SLOW_LOOK_S = 300;

/**
 * THE ENGINE: one watch of one wait. Pin → look → settle → end. It owns all time: cadence, deadline, graces, backoff; it never
 * sleeps itself, so that a driver can run a hundred of it and a test can run it on its own clock.
 */
export class Watch {
  readonly waitId: string;
  readonly #input: WatchInput;
  readonly #sight: Sight;
  readonly #noted = new Set<string>();
  #active: ActiveTime;
  #turn: Wait;
  #dueAt = 0;
  #pauseS = 0;
  #delayS = 0;
  #quickLeft = QUICK_LOOKS;
  #lasting = 0;
  readonly #observer: Observer;
  #begun = false;

  constructor(input: WatchInput) {
    const { wait, deps } = input;
    this.#input = input;
    this.#turn = wait;
    this.waitId = wait.wait_id;
    this.#observer = new Observer(deps.clock);
    this.#sight = new Sight(wait, deps.store.paths, deps.clock);
    const used = Sight.before(wait, deps.store.paths)?.active_used ?? wait.extra.active_used ?? 0;
    this.#active = new ActiveTime(deps.clock, used);
  }

  /** When the next step is due, on the monotonic clock. */
  get dueAt(): number {
    return this.#observer.woken ? 0 : this.#dueAt;
  }

  /** The pause that the next step is due after, in ms: a driver may look a part of it sooner, to look at several at once. */
  get pauseMs(): number {
    return this.#delayS * 1000;
  }

  /** Whether the log still names this watch as the one that looks. */
  get isCurrent(): boolean {
    const owner = this.#input.deps.store.read().waits.get(this.waitId)?.owner;
    return owner?.watcher_id === this.#turn.owner.watcher_id && owner.generation === this.#turn.owner.generation;
  }

  /** Looks once and acts on what it sees. */
  async step(): Promise<Step> {
    const wait = this.#current();
    if (!wait) return this.#lost();
    const activeS = this.#active.spend();
    const slow = wait.extra.slow === true;
    if (!slow && activeS >= (wait.extra.deadline ?? Number.POSITIVE_INFINITY)) return this.#timeOut(wait);
    try {
      const bound = await this.#bind(wait);
      if ("next" in bound) return bound;
      const result = await this.#look(bound);
      return await this.#judge(bound, result, slow);
    } catch (error) {
      return this.#thrown(wait, error);
    }
  }

  /** Ends the watch from outside: a signal, an abandonment. Null when it was over already. */
  async stop(ending: Ending): Promise<Wait | null> {
    const { kind, deps } = this.#input;
    this.#observer.stop();
    const wait = this.#current();
    return wait && writeEnding(wait, kind, { ...ending, activeS: this.#active.spend() }, deps);
  }

  /** The wait, if this watch still has it. */
  #current(): Wait | null {
    const now = this.#input.deps.store.read().waits.get(this.waitId);
    const { owner, cycle_at, sha } = this.#turn;
    const mine = now?.owner.watcher_id === owner.watcher_id && now.owner.generation === owner.generation;
    const open = now && (needsWatcher(now) || (now.state === "PUSHED" && now.extra.unbound === true));
    if (!now || !mine || !open) return null;
    if (now.cycle_at !== cycle_at) this.#newCycle();
    else if (now.sha !== sha) this.#newTarget();
    this.#turn = now;
    return now;
  }

  #lost(): Step {
    this.#observer.stop();
    return { next: "lost", wait: this.#input.deps.store.find(this.waitId) };
  }

  /** Another commit: nothing that was seen before counts. */
  #newTarget(): void {
    this.#observer.stop();
    this.#sight.reset();
    this.#quickLeft = QUICK_LOOKS;
    this.#pauseS = 0;
  }

  #newCycle(): void {
    this.#newTarget();
    this.#sight.looks = 0;
    this.#active = new ActiveTime(this.#input.deps.clock, 0);
  }

  /** The wait with a pin that can be looked at; or what came of the attempt. */
  async #bind(wait: Wait): Promise<Wait | Step> {
    const { kind, config, deps, signal } = this.#input;
    const pin = pinOf(wait);
    const context = await contextOf(wait, kind, config, deps, signal);
    if (!pin.complete) {
      const { bound, ending, reason } = await bindPin(wait, kind, context, this.#active.seconds, deps);
      if (bound) return this.#current() ?? this.#lost();
      if (ending) return this.#end(wait, ending);
      this.#sight.record(wait, { status: "waiting", reason }, this.#active.seconds);
      return this.#again(0);
    }
    if (kind.begin && !this.#begun) {
      const begun = await kind.begin(pin, lookContextOf(wait, context, this.#sight, deps));
      this.#begun = true;
      await followPin(wait, begun, "started", deps);
      return this.#current() ?? this.#lost();
    }
    return wait;
  }

  async #look(wait: Wait): Promise<LookResult> {
    const { kind, config, deps, signal } = this.#input;
    const limit = new AbortController();
    const context = await contextOf(wait, kind, config, deps, AbortSignal.any([signal, limit.signal]));
    this.#observer.looked();
    const looking = kind.look(lookContextOf(wait, context, this.#sight, deps));
    const limitS = kind.lookTimeoutS ?? DEFAULT_LOOK_LIMIT_S;
    const late = () => new ObservationError(`Looking took longer than ${limitS} s`);
    const result = await withTimeLimit(looking, { ms: limitS * 1000, late, stop: limit });
    deps.log.info(`${wait.ref}: ${result.status}: ${oneLine(result.reason)}`);
    this.#sight.looks += 1;
    return result;
  }

  async #judge(wait: Wait, result: LookResult, slow: boolean): Promise<Step> {
    const { deps, config } = this.#input;
    const sight = this.#sight;
    sight.errors = 0;
    sight.error = null;
    this.#lasting = 0;
    await noteNews(wait, result, this.#noted, deps);
    if (result.pin) await followPin(wait, result.pin, result.note ?? "The target moved", deps);
    if (result.moved) this.#newTarget();
    const now = this.#current();
    if (!now) return this.#lost();
    if (slow) return this.#judgeSlow(now, result);
    const at = { activeS: this.#active.seconds, now: deps.clock.now(), graces: config.grace };
    const grace = timeGrace(result.grace, sight.graces, at);
    sight.graces = grace.clock;
    sight.record(now, result, this.#active.seconds);
    if (isOutcome(result.status)) return this.#settle(now, result, result.status);
    sight.settling = null;
    const over = grace.over?.outcome;
    if (grace.over && over && over !== "ignore") {
      return this.#end(now, { outcome: over, cause: "look", reason: grace.over.reason, look: result });
    }
    await this.#observe(now);
    return this.#again(result.notBeforeS ?? 0, grace.leftS);
  }

  /** Lets the kind's own signal wake the next look. */
  async #observe(wait: Wait): Promise<void> {
    const { kind, config, deps, signal } = this.#input;
    if (config.observer !== "gh" || !kind.observe) return;
    const stop = new AbortController();
    const context = await contextOf(wait, kind, config, deps, AbortSignal.any([signal, stop.signal]));
    this.#observer.start((end) => {
      end.addEventListener("abort", () => stop.abort(), { once: true });
      return kind.observe?.(lookContextOf(wait, context, this.#sight, deps)) ?? Promise.resolve();
    });
  }

  async #settle(wait: Wait, result: LookResult, outcome: Ending["outcome"]): Promise<Step> {
    const settled = settleOutcome(result, this.#sight.settling, this.#input.deps.clock.now());
    if (settled.believed) return this.#end(wait, { outcome, cause: "look", reason: result.reason, look: result });
    this.#sight.settling = settled.settling;
    return this.#due(settled.nextS);
  }

  async #judgeSlow(wait: Wait, result: LookResult): Promise<Step> {
    const { deps, config, kind, signal } = this.#input;
    this.#sight.record(wait, result, this.#active.seconds);
    const context = await contextOf(wait, kind, config, deps, signal);
    const next = await slowStep(wait, result, lookContextOf(wait, context, this.#sight, deps), deps);
    if (next.ending) return this.#end(wait, next.ending);
    if (next.over) return this.#lost();
    return this.#due(next.cycle ? 0 : this.#slowS);
  }

  get #slowS(): number {
    return this.#input.config.grace.slow_look ?? DEFAULT_SLOW_LOOK_S;
  }

  async #end(wait: Wait, ending: Ending): Promise<Step> {
    const { deps, kind, mode } = this.#input;
    this.#observer.stop();
    const slow = mode === "background" && kind.slowAfterVerdict === true;
    const ended = await writeEnding(wait, kind, { ...ending, slow, activeS: this.#active.seconds }, deps);
    if (!ended) return this.#lost();
    this.#due(this.#slowS);
    return { next: "ended", wait: ended, slow: ended.extra.slow === true };
  }

  async #timeOut(wait: Wait): Promise<Step> {
    const { kind, config, deps } = this.#input;
    const last = this.#sight.error ? `; the last look failed: ${this.#sight.error}` : "";
    const reason = `It did not end within ${Math.round(wait.extra.deadline ?? 0)} s${last}`;
    const step = await this.#end(wait, { outcome: "timed_out", cause: "deadline", reason });
    if (wait.extra.deadline_by_hand === true && step.next === "ended" && kind.end) {
      const context = await contextOf(wait, kind, config, deps);
      await kind.end(pinOf(wait), context).catch((error) => deps.log.warn(errorText(error)));
    }
    return step;
  }

  async #thrown(wait: Wait, error: unknown): Promise<Step> {
    if (error instanceof StateError) return this.#unkept(error);
    if (["ENOSPC", "EDQUOT", "EROFS"].includes(errorCode(error) ?? "")) {
      const message = `Cannot keep what belongs to "${wait.ref}": ${errorText(error)}`;
      return this.#unkept(new StateError(message, [wait.last], { cause: error }));
    }
    if (error instanceof RefError) {
      return this.#end(wait, { outcome: "unknown", cause: "error:RefError", reason: error.message });
    }
    return this.#failed(wait, error);
  }

  /** What was seen could not be kept: a command dies loudly (exit 99), a driver says so and tries again. */
  #unkept(error: StateError): Step {
    const { mode, deps } = this.#input;
    if (mode === "foreground") throw error;
    deps.log.warn(`${error.message}: ${asciiJson(error.events)}`);
    this.#sight.settling = null;
    return this.#due(5);
  }

  /** An observation error is not a result: back off, count, show. */
  async #failed(wait: Wait, error: unknown): Promise<Step> {
    const { deps, mode } = this.#input;
    const sight = this.#sight;
    const known = asObservation(error);
    sight.errors += 1;
    sight.error = known ? known.message : `${wait.kind}: ${errorText(error)}`;
    sight.settling = null;
    this.#lasting = known?.lasting ? this.#lasting + 1 : 0;
    deps.log.warn(`${wait.ref}: look failed (${sight.errors}): ${sight.error}`);
    const needs = known?.needs;
    if (needs !== undefined && needs !== wait.needs) {
      const event = { type: "wait.needs", wait_id: this.waitId, needs: oneLine(needs) } as const;
      await deps.store.commit((view) => (view.waits.has(this.waitId) ? [event] : []));
    }
    sight.record(wait, null, this.#active.seconds);
    if (mode === "foreground" && this.#lasting >= LASTING_ERRORS) {
      return { next: "external", wait, message: sight.error };
    }
    return this.#due(backoff(sight.errors, known?.retryAfterS ?? 0, deps.random()));
  }

  #again(notBeforeS: number, withinS: number | null = null): Step {
    const { deps, kind } = this.#input;
    const wait = this.#turn;
    const byHand = wait.extra.interval;
    const expected = byHand ? null : this.#sight.expectedAt(wait);
    const { delayS, baseS, quick } = nextLook({
      ...(byHand ? { firstS: byHand, maxS: byHand } : (kind.interval ?? DEFAULT_INTERVAL)),
      lastS: this.#pauseS,
      expectedInS: expected === null ? null : (expected - deps.clock.now()) / 1000,
      quickLeft: this.#quickLeft,
      nowS: deps.clock.monotonic() / 1000,
      notBeforeS,
      random: deps.random(),
    });
    this.#pauseS = baseS;
    if (quick) this.#quickLeft -= 1;
    // A grace that runs out and a deadline are met on time.
    const left = Math.max(0.05, (wait.extra.deadline ?? Number.POSITIVE_INFINITY) - this.#active.seconds);
    return this.#due(Math.min(delayS, left, withinS ? withinS + 0.05 : Number.POSITIVE_INFINITY));
  }

  #due(seconds: number): Step {
    this.#delayS = seconds;
    this.#dueAt = this.#input.deps.clock.monotonic() + seconds * 1000;
    this.#active.plan(seconds * 1000);
    return { next: "look" };
  }
}
