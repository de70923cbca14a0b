import type { Clock } from "../../base/clock.ts";
import type { WaitKind } from "../../contract/wait-kind.ts";
import type { Wait } from "../../core/wait.ts";
import type { WatchDeps } from "../deps.ts";
import { ActiveTime } from "./active-time.ts";
import { nextLook, QUICK_LOOKS } from "./cadence.ts";

const DEFAULT_INTERVAL = { firstS: 5, maxS: 60 };
/** A timer may ring a little early. */
const AT_ONCE_S = 0.01;
/** The last look comes this many seconds before the deadline, or one pause before it when the kind's pauses are shorter. */
const LAST_LOOK_S = 2;

/** Input for planning the next look of a wait. */
export interface NextLook {
  readonly interval: WaitKind["interval"];
  /** When the wait is expected to end (ms since the epoch), or null. */
  readonly expectedAt: number | null;
  /** Seconds that the service asked to wait at least. */
  readonly notBeforeS: number;
  /** Seconds until a grace runs out, or null. */
  readonly withinS: number | null;
}

/** Counts the active time of one watch and computes when its next step is due. It sets no timer. */
export class Schedule {
  readonly #clock: Clock;
  readonly #random: () => number;
  #active: ActiveTime;
  #dueAt = 0;
  #delayS = 0;
  /** The last pause, which the next one grows from; 0 before the first look. */
  #pauseS = 0;
  #quickLeft = QUICK_LOOKS;

  constructor({ clock, random }: Pick<WatchDeps, "clock" | "random">, usedS: number) {
    this.#clock = clock;
    this.#random = random;
    this.#active = new ActiveTime(clock, usedS);
  }

  /** When the next step is due, on the monotonic clock. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** The pause before the next step, in ms. */
  get pauseMs(): number {
    return this.#delayS * 1000;
  }

  /** Active seconds of this cycle at the last count. */
  get usedS(): number {
    return this.#active.seconds;
  }

  /** Counts the time that has passed, and returns the active seconds of this cycle. */
  spend(): number {
    return this.#active.spend();
  }

  /**
   * Counts the time that has passed, and returns the active seconds to the deadline: at least 0, infinite in the slow phase.
   * `nextMs`: when it will be counted again, while something is under way.
   */
  countDown({ extra }: Wait, nextMs = 0): number {
    const usedS = this.#active.spend();
    this.#active.plan(nextMs);
    const { slow, deadline } = extra;
    return slow === true || deadline === undefined ? Number.POSITIVE_INFINITY : Math.max(0, deadline - usedS);
  }

  /** Counts the time that has passed. True when the deadline has come. */
  hasRunOut(wait: Wait): boolean {
    return this.countDown(wait) <= AT_ONCE_S;
  }

  /** Starts the pauses anew for another target. */
  newTarget(): void {
    this.#pauseS = 0;
    this.#quickLeft = QUICK_LOOKS;
  }

  /** Resets the active time for another cycle. */
  newCycle(): void {
    this.#active = new ActiveTime(this.#clock, 0);
  }

  /** Plans the next look by the cadence, in time for the end of a grace and for the deadline. */
  planLook(wait: Wait, { interval, expectedAt, notBeforeS, withinS }: NextLook): void {
    const byHand = wait.extra.interval;
    const { delayS, baseS, quick } = nextLook({
      ...(byHand ? { firstS: byHand, maxS: byHand } : (interval ?? DEFAULT_INTERVAL)),
      lastS: this.#pauseS,
      expectedInS: byHand || expectedAt === null ? null : (expectedAt - this.#clock.now()) / 1000,
      quickLeft: this.#quickLeft,
      nowS: this.#clock.monotonic() / 1000,
      notBeforeS,
      random: this.#random(),
    });
    this.#pauseS = baseS;
    if (quick) this.#quickLeft -= 1;
    // A look must follow when a grace runs out.
    const pauseS = Math.min(delayS, withinS ? withinS + 0.05 : Number.POSITIVE_INFINITY);
    const lastS = this.countDown(wait) - Math.min(LAST_LOOK_S, interval?.firstS ?? LAST_LOOK_S);
    this.setDue(wait, pauseS > lastS && lastS > Math.max(AT_ONCE_S, notBeforeS) ? lastS : pauseS);
  }

  /** Sets when the next step is due, never after the deadline. The only place that sets it. */
  setDue(wait: Wait, seconds: number): void {
    const delayS = Math.min(seconds, this.countDown(wait));
    this.#delayS = delayS;
    this.#dueAt = this.#clock.monotonic() + delayS * 1000;
    this.#active.plan(delayS * 1000);
  }
}
