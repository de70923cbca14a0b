import { type Clock, timestamp } from "../../base/clock.ts";
import type { JsonObject } from "../../base/json.ts";
import { oneLine } from "../../base/text.ts";
import { isOutcome, type LookResult } from "../../contract/wait-kind.ts";
import type { Wait } from "../../core/wait.ts";
import { expectDuration, readDurations } from "../durations.ts";
import { wallJumps } from "./active-time.ts";
import { cycleStart } from "./ending.ts";
import type { GraceClock } from "./graces.ts";
import { type LookRecord, lookOfCycle, readLook, writeLook } from "./look-file.ts";
import type { Settling } from "./settle.ts";

/** Where a watch keeps what its looks saw. */
export interface LookPaths {
  readonly looks: string;
  readonly durations: string;
}

/** What the looks of one cycle have seen so far; kept in a small file too, so that another process can go on from there. */
export class LookMemory {
  readonly #place: LookPaths;
  readonly #clock: Clock;
  /** Looks that got an answer. */
  looks = 0;
  /** Observation errors in a row; the last one's text. */
  errors = 0;
  error: string | null = null;
  /** What somebody must do before looking can work. */
  needs: string | null = null;
  settling: Settling | null = null;
  graces: GraceClock = {};
  kindMemory: JsonObject = {};
  seen: LookResult | null = null;
  /** What the kind was doing when the deadline came. */
  underWay: string | null = null;
  /** What an earlier process saw in this cycle. */
  #before: LookRecord | null;
  #progressedAt: string | null = null;
  #jumps: () => number;

  constructor(wait: Wait, place: LookPaths, clock: Clock) {
    this.#place = place;
    this.#clock = clock;
    this.#jumps = wallJumps(clock);
    const before = lookOfCycle(place.looks, wait);
    this.#before = before;
    if (!before) return;
    this.looks = before.looks;
    this.graces = before.graces;
    this.kindMemory = before.memory;
    this.#progressedAt = before.progressed_at;
  }

  /** Forgets what was seen: another commit or another cycle is watched now. */
  reset(): void {
    this.settling = null;
    this.graces = {};
    this.seen = null;
    this.#before = null;
  }

  /** Starts a new cycle. */
  newCycle(): void {
    this.looks = 0;
    this.#jumps = wallJumps(this.#clock);
  }

  /** When the cycle began (ms since the epoch), by the wall clock as it goes now, whatever it was set to meanwhile. */
  since(wait: Wait): number {
    return cycleStart(wait) + this.#jumps();
  }

  /** Why a watch ended at its deadline, and what mends it: a cause that kept it from being seen, where there was one. */
  timedOut(limitS: number): { readonly reason: string; readonly next?: string } {
    const error = this.error ?? (this.seen ? null : (this.#before?.error ?? null));
    if (error === null) return { reason: `It did not end within ${limitS} s; ${this.#last(null)}` };
    const next = `${mending(error, this.needs)}, then watch it again`;
    const isSeen = this.seen !== null || Boolean(this.#before?.reason);
    if (!isSeen && this.underWay === null)
      return { reason: `It could not be looked at within ${limitS} s: ${error}`, next };
    return { reason: `It did not end within ${limitS} s; ${this.#last(error)}`, next };
  }

  /** What was seen last, and what could not be seen. */
  #last(error: string | null): string {
    const { status = "waiting", reason = this.#before?.reason ?? "", note } = this.seen ?? {};
    const more = note && !reason.includes(note) ? `; ${note}` : "";
    const unsure = isOutcome(status) ? ", which was not certain yet" : "";
    return [
      reason ? `last seen: ${reason}${unsure}${more}` : "no look got an answer",
      ...(error ? [`the last look failed: ${error}`] : []),
      ...(this.underWay ? [`${this.underWay.toLowerCase()} got no answer in time`] : []),
    ].join("; ");
  }

  /** When the wait is expected to end (ms since the epoch): as the provider says, else as earlier waits of its target did. */
  expectedAt(wait: Wait): number | null {
    if (typeof this.seen?.etaS === "number") return this.#clock.now() + this.seen.etaS * 1000;
    const { history } = wait.extra;
    const expected = typeof history === "string" ? expectDuration(readDurations(this.#place.durations, history)) : null;
    return expected && (this.seen?.startedAt ?? this.since(wait)) + expected.median * 1000;
  }

  /** Keeps what a look saw; null: the look failed. */
  record(wait: Wait, result: LookResult | null, activeS: number): void {
    const ts = timestamp(this.#clock.now());
    if (result && progressOf(result) !== progressOf(this.seen)) this.#progressedAt = ts;
    if (result) this.seen = result;
    const before = result ? null : readLook(this.#place.looks, wait.wait_id);
    writeLook(this.#place.looks, {
      wait_id: wait.wait_id,
      cycle_at: wait.cycle_at,
      last_look: result ? ts : (before?.last_look ?? null),
      looks: this.looks,
      status: this.seen?.status ?? "waiting",
      reason: oneLine(this.seen?.reason ?? "", 500),
      progress: this.seen?.progress ?? null,
      expected_at: this.expectedAt(wait),
      items: this.seen?.items ?? [],
      errors: this.errors,
      error: this.error,
      active_used: Math.round(activeS * 10) / 10,
      graces: this.graces,
      memory: this.kindMemory,
      progressed_at: this.#progressedAt,
    });
  }
}

function progressOf(result: LookResult | null): string {
  return JSON.stringify([result?.progress, result?.items]);
}

/** What lets a target be seen whose look failed. What it needs is in p9's words; the error may hold words from outside. */
function mending(error: string, needs: string | null): string {
  if (needs !== null) return `Give it what it needs (${oneLine(needs, 200)})`;
  if (/\bENOTFOUND\b/.test(error)) return "Check the name of the host, or the network";
  return "Mend what kept it from being looked at, as the reason says";
}
