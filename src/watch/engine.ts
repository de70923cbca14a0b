import { join } from "node:path";
import { timestamp } from "../core/clock.ts";
import { asciiJson, isObject, type JsonObject } from "../core/json.ts";
import { oneLine, slug } from "../core/text.ts";
import { needsWatcher, type Wait } from "../core/wait.ts";
import { errorCode, errorText, StateError } from "../errors.ts";
import { isOutcome, type LookContext, type LookResult, ObservationError, RefError, type WaitKind } from "../plugin.ts";
import { makePluginContext } from "../plugins-host/context.ts";
import { makeDir } from "../store/files.ts";
import { ActiveTime } from "./active-time.ts";
import { bindPin, followPin } from "./binding.ts";
import { backoff, nextLook, QUICK_LOOKS } from "./cadence.ts";
import type { WatchConfig, WatchDeps } from "./deps.ts";
import { cycleStart, type Ending, writeEnding } from "./ending.ts";
import { expectDuration, readDurations } from "./eta.ts";
import { type GraceClock, timeGrace } from "./graces.ts";
import { type LookRecord, readLook, writeLook } from "./looks.ts";
import { pinOf } from "./pin.ts";
import { type Settling, settleOutcome } from "./settle.ts";
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

const LASTING_ERRORS = 2;
const DEFAULT_INTERVAL = { firstS: 5, maxS: 60 };

/**
 * THE ENGINE: one watch of one wait. Pin → look → settle → end. It owns all time: cadence, deadline, graces, backoff; it never
 * sleeps itself, so that a driver can run a hundred of it and a test can run it on its own clock.
 */
export class Watch {
  readonly waitId: string;
  readonly #input: WatchInput;
  #active: ActiveTime;
  #turn: Wait;
  #dueAt = 0;
  #pauseS = 0;
  #quickLeft = QUICK_LOOKS;
  #looks = 0;
  #errors = 0;
  #lasting = 0;
  #error: string | null = null;
  #settling: Settling | null = null;
  #graces: GraceClock = {};
  #memory: JsonObject = {};
  #seen: LookResult | null = null;
  #progressedAt: string | null = null;
  #notes = new Set<string>();
  #begun = false;

  constructor(input: WatchInput) {
    this.#input = input;
    this.#turn = input.wait;
    this.waitId = input.wait.wait_id;
    const before = readLook(input.deps.store.paths.looks, this.waitId);
    const same = before?.cycle_at === input.wait.cycle_at ? before : null;
    this.#active = new ActiveTime(input.deps.clock, same?.active_used ?? input.wait.extra.active_used ?? 0);
    this.#graces = same?.graces ?? {};
    this.#memory = same?.memory ?? {};
    this.#looks = same?.looks ?? 0;
    this.#progressedAt = same?.progressed_at ?? null;
  }

  /** When the next step is due, on the monotonic clock. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** The pause that the next step is due after, in ms: a driver may look a part of it sooner, to look at several at once. */
  get pauseMs(): number {
    return this.#pauseS * 1000;
  }

  /** Looks once and acts on what it sees. */
  async step(): Promise<Step> {
    const wait = this.#current();
    if (!wait) return { next: "lost", wait: this.#input.deps.store.find(this.waitId) };
    const activeS = this.#active.spend();
    const slow = wait.extra.slow === true;
    if (!slow && activeS >= (wait.extra.deadline ?? Number.POSITIVE_INFINITY)) return this.#timeOut(wait);
    try {
      const bound = await this.#bind(wait);
      if ("next" in bound) return bound;
      const result = await this.#look(bound, slow);
      return await this.#judge(bound, result, slow);
    } catch (error) {
      if (error instanceof StateError) return this.#unkept(error);
      if (isDiskError(error))
        return this.#unkept(
          new StateError(`Cannot keep what belongs to "${wait.ref}": ${errorText(error)}`, [wait.last]),
        );
      if (error instanceof RefError)
        return this.#end(wait, { outcome: "unknown", cause: "error:RefError", reason: error.message });
      return this.#failed(wait, error);
    }
  }

  /** Ends the watch from outside: a signal, an abandonment. Null when it was over already. */
  async stop(ending: Ending): Promise<Wait | null> {
    const wait = this.#current();
    return wait && writeEnding(wait, this.#input.kind, { ...ending, activeS: this.#active.spend() }, this.#input.deps);
  }

  /** The wait, if this watch still has it. */
  #current(): Wait | null {
    const now = this.#input.deps.store.read().waits.get(this.waitId);
    const mine =
      now?.owner.watcher_id === this.#turn.owner.watcher_id && now.owner.generation === this.#turn.owner.generation;
    const open = now && (needsWatcher(now) || (now.state === "PUSHED" && now.extra.unbound === true));
    if (!now || !mine || !open) return null;
    if (now.cycle_at !== this.#turn.cycle_at || now.sha !== this.#turn.sha)
      this.#restart(now.cycle_at !== this.#turn.cycle_at);
    this.#turn = now;
    return now;
  }

  /** A new cycle, or another commit: nothing that was seen before counts. */
  #restart(newCycle: boolean): void {
    this.#settling = null;
    this.#graces = {};
    this.#quickLeft = QUICK_LOOKS;
    this.#pauseS = 0;
    this.#seen = null;
    if (!newCycle) return;
    this.#looks = 0;
    this.#active = new ActiveTime(this.#input.deps.clock, 0);
  }

  /** The wait with a pin that can be looked at; or what came of the attempt. */
  async #bind(wait: Wait): Promise<Wait | Step> {
    const { kind } = this.#input;
    const pin = pinOf(wait);
    if (!pin.complete) {
      const step = await bindPin(wait, kind, await this.#context(wait), this.#active.seconds, this.#input.deps);
      if (step.bound) return this.#current() ?? { next: "lost", wait: this.#input.deps.store.find(this.waitId) };
      if (step.ending) return this.#end(wait, step.ending);
      this.#record(wait, { status: "waiting", reason: step.reason });
      return this.#again(0);
    }
    if (kind.begin && !this.#begun) {
      this.#begun = true;
      const begun = await kind.begin(pin, await this.#lookContext(wait, false));
      await followPin(wait, begun, "started", this.#input.deps);
      return this.#current() ?? { next: "lost", wait: this.#input.deps.store.find(this.waitId) };
    }
    return wait;
  }

  async #look(wait: Wait, slow: boolean): Promise<LookResult> {
    const { kind, deps } = this.#input;
    const limitS = kind.lookTimeoutS ?? 60;
    const limit = new AbortController();
    const context = await this.#lookContext(wait, slow, limit.signal);
    const result = await withLimit(kind.look(context), limitS, limit);
    deps.log.info(`${wait.ref}: ${result.status}: ${oneLine(result.reason)}`);
    this.#looks += 1;
    return result;
  }

  async #judge(wait: Wait, result: LookResult, slow: boolean): Promise<Step> {
    const { deps, config } = this.#input;
    await this.#recovered(wait, result);
    if (result.pin) await followPin(wait, result.pin, result.note ?? "The target moved", deps);
    if (result.moved) this.#restart(false);
    if (slow) return this.#judgeSlow(wait, result);
    const now = this.#current();
    if (!now) return { next: "lost", wait: deps.store.find(this.waitId) };
    const grace = timeGrace(result.grace, this.#graces, {
      activeS: this.#active.seconds,
      now: deps.clock.now(),
      graces: config.grace,
    });
    this.#graces = grace.clock;
    this.#record(now, result);
    if (isOutcome(result.status)) {
      const settled = settleOutcome(result, this.#settling, deps.clock.now());
      if (settled.believed)
        return this.#end(now, { outcome: result.status, cause: "look", reason: result.reason, look: result });
      this.#settling = settled.settling;
      return this.#due(settled.nextS);
    }
    this.#settling = null;
    if (grace.over) {
      const { outcome, reason } = grace.over;
      if (outcome !== "ignore") return this.#end(now, { outcome, cause: "look", reason, look: result });
    }
    return this.#again(result.notBeforeS ?? 0, grace.leftS);
  }

  async #judgeSlow(wait: Wait, result: LookResult): Promise<Step> {
    const { deps, config } = this.#input;
    const now = this.#current() ?? wait;
    this.#record(now, result);
    const next = await slowStep(now, result, await this.#lookContext(now, true), deps);
    if (next.ending) return this.#end(now, next.ending);
    if (next.over) return { next: "lost", wait: deps.store.find(this.waitId) };
    if (next.cycle) return this.#due(0);
    return this.#due(config.grace.slow_look ?? 300);
  }

  async #end(wait: Wait, ending: Ending): Promise<Step> {
    const { deps, kind, mode } = this.#input;
    const slow = mode === "background" && kind.slowAfterVerdict === true;
    const ended = await writeEnding(wait, kind, { ...ending, slow, activeS: this.#active.seconds }, deps);
    if (!ended) return { next: "lost", wait: deps.store.find(this.waitId) };
    this.#due(this.#input.config.grace.slow_look ?? 300);
    return { next: "ended", wait: ended, slow: ended.extra.slow === true };
  }

  async #timeOut(wait: Wait): Promise<Step> {
    const { kind, deps } = this.#input;
    const byHand = wait.extra.deadline_by_hand === true;
    const reason = `It did not end within ${Math.round(wait.extra.deadline ?? 0)} s${this.#error ? `; the last look failed: ${this.#error}` : ""}`;
    const step = await this.#end(wait, { outcome: "timed_out", cause: "deadline", reason });
    if (byHand && step.next === "ended")
      await kind.end?.(pinOf(wait), await this.#context(wait)).catch((error) => deps.log.warn(errorText(error)));
    return step;
  }

  /** What was seen could not be kept: a command dies loudly (exit 99), a driver says so and tries again. */
  #unkept(error: StateError): Step {
    const { mode, deps } = this.#input;
    if (mode === "foreground") throw error;
    deps.log.warn(`${error.message}: ${asciiJson(error.events)}`);
    this.#settling = null;
    return this.#due(5);
  }

  /** An observation error is not a result: back off, count, show. */
  async #failed(wait: Wait, error: unknown): Promise<Step> {
    const { deps, mode } = this.#input;
    const known = error instanceof ObservationError;
    this.#errors += 1;
    this.#error = known ? error.message : `${wait.kind}: ${errorText(error)}`;
    this.#lasting = known && error.lasting ? this.#lasting + 1 : 0;
    this.#settling = null;
    deps.log.warn(`${wait.ref}: look failed (${this.#errors}): ${this.#error}`);
    const needs = known ? (error.needs ?? null) : null;
    if (needs !== null && needs !== wait.needs) {
      await deps.store.commit((view) =>
        view.waits.has(this.waitId) ? [{ type: "wait.needs", wait_id: this.waitId, needs }] : [],
      );
    }
    this.#record(wait, null);
    if (mode === "foreground" && this.#lasting >= LASTING_ERRORS)
      return { next: "external", wait, message: this.#error };
    return this.#due(backoff(this.#errors, (known ? error.retryAfterS : undefined) ?? 0, deps.random()));
  }

  async #recovered(wait: Wait, result: LookResult): Promise<void> {
    this.#errors = 0;
    this.#lasting = 0;
    this.#error = null;
    const { store } = this.#input.deps;
    const unknown = [...new Set(result.unknown ?? [])].filter((value) => !wait.unknown_values.includes(value));
    const fresh = result.note && !this.#notes.has(result.note) ? result.note : null;
    if (fresh) this.#notes.add(fresh);
    if (wait.needs === null && unknown.length === 0 && !fresh) return;
    const wait_id = this.waitId;
    await store.commit((view) => {
      if (!view.waits.has(wait_id)) return [];
      return [
        ...(wait.needs === null ? [] : [{ type: "wait.needs", wait_id, needs: null } as const]),
        ...unknown.map((value) => ({ type: "wait.unknown_value", wait_id, value: oneLine(value) }) as const),
        ...(fresh ? [{ type: "wait.note", wait_id, note: oneLine(fresh, 500) } as const] : []),
      ];
    });
  }

  #again(notBeforeS: number, withinS: number | null = null): Step {
    const { deps, kind } = this.#input;
    const wait = this.#turn;
    const byHand = wait.extra.interval;
    const { firstS, maxS } = byHand ? { firstS: byHand, maxS: byHand } : (kind.interval ?? DEFAULT_INTERVAL);
    const expected = this.#expectedAt(wait);
    const cadence = nextLook({
      firstS,
      maxS,
      lastS: this.#pauseS,
      expectedInS: expected === null ? null : (expected - deps.clock.now()) / 1000,
      quickLeft: byHand ? 0 : this.#quickLeft,
      notBeforeS,
      random: deps.random(),
    });
    this.#pauseS = cadence.baseS;
    if (cadence.quick) this.#quickLeft -= 1;
    // A grace that runs out and a deadline are met on time.
    const left = Math.max(0.05, (wait.extra.deadline ?? Number.POSITIVE_INFINITY) - this.#active.seconds);
    return this.#due(Math.min(cadence.delayS, left, withinS ? withinS + 0.05 : Number.POSITIVE_INFINITY));
  }

  #due(seconds: number): Step {
    const { clock } = this.#input.deps;
    this.#dueAt = clock.monotonic() + seconds * 1000;
    this.#active.plan(seconds * 1000);
    return { next: "look" };
  }

  #expectedAt(wait: Wait): number | null {
    if (typeof this.#seen?.etaS === "number") return this.#input.deps.clock.now() + this.#seen.etaS * 1000;
    const { history } = wait.extra;
    const expected =
      typeof history === "string"
        ? expectDuration(readDurations(this.#input.deps.store.paths.durations, history))
        : null;
    return expected ? (this.#seen?.startedAt ?? cycleStart(wait)) + expected.median * 1000 : null;
  }

  #record(wait: Wait, result: LookResult | null): void {
    const { clock, store } = this.#input.deps;
    const ts = timestamp(clock.now());
    const seen = result ?? this.#seen;
    if (
      result &&
      JSON.stringify([result.progress, result.items]) !== JSON.stringify([this.#seen?.progress, this.#seen?.items])
    ) {
      this.#progressedAt = ts;
    }
    if (result) this.#seen = result;
    const before = result ? null : readLook(store.paths.looks, this.waitId);
    const look: LookRecord = {
      wait_id: this.waitId,
      cycle_at: wait.cycle_at,
      last_look: result ? ts : (before?.last_look ?? null),
      looks: this.#looks,
      status: seen?.status ?? "waiting",
      reason: oneLine(seen?.reason ?? "", 500),
      progress: seen?.progress ?? null,
      expected_at: this.#expectedAt(wait),
      items: seen?.items ?? [],
      errors: this.#errors,
      error: this.#error,
      active_used: Math.round(this.#active.seconds * 10) / 10,
      graces: this.#graces,
      memory: this.#memory,
      progressed_at: this.#progressedAt,
    };
    writeLook(store.paths.looks, look);
  }

  async #context(wait: Wait, more?: AbortSignal) {
    const { deps, config, kind, signal } = this.#input;
    const cwd = wait.extra.cwd ?? "/";
    return makePluginContext({
      plugin: kind.name,
      home: deps.store.home,
      env: deps.env,
      cwd,
      github: await deps.github(),
      session: wait.session_id,
      repo: wait.repo,
      config: config.all,
      log: deps.log,
      clock: deps.clock,
      exec: deps.exec,
      signal: more ? AbortSignal.any([signal, more]) : signal,
      processes: deps.processes,
      trusted: deps.trusted(cwd),
    });
  }

  async #lookContext(wait: Wait, slow: boolean, limit?: AbortSignal): Promise<LookContext> {
    const { deps } = this.#input;
    const { options } = wait.extra;
    makeDir(deps.store.paths.logs);
    return {
      ...(await this.#context(wait, limit)),
      waitId: wait.wait_id,
      logFile: join(deps.store.paths.logs, `${slug(wait.kind)}-${wait.wait_id}.log`),
      pin: pinOf(wait),
      options: isObject(options) ? options : {},
      look: this.#looks,
      since: cycleStart(wait),
      slow,
      memory: this.#memory,
      remember: (memory) => {
        this.#memory = memory;
      },
    };
  }
}

/** Whatever a look does, it is over after `limitS`. The timer is cleared: Deno does not leave while one runs. */
async function withLimit<T>(work: Promise<T>, limitS: number, controller: AbortController): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ObservationError(`Looking took longer than ${limitS} s`));
      controller.abort();
    }, limitS * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isDiskError(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EROFS"].includes(errorCode(error) ?? "");
}
