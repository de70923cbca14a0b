import type { WaitKind } from "../../contract/wait-kind.ts";
import { errorText } from "../../core/errors.ts";
import { isRunning } from "../../core/states.ts";
import type { Wait } from "../../core/wait.ts";
import { asAsked } from "../../store/asked.ts";
import type { WatchDeps } from "../deps.ts";
import { contextOf } from "../engine/look-context.ts";
import { type LookRecord, lookOfCycle } from "../engine/look-file.ts";
import { pinOf } from "../engine/pin.ts";
import { type Step, Watch } from "../engine/watch.ts";
import { giveBack } from "./lease.ts";
import { startWatching } from "./start-driver.ts";

/** How a foreground watch came to its end. */
export type ForegroundEnd =
  | { readonly how: "ended"; readonly wait: Wait }
  /** The slice is over; the wait goes on in the background. */
  | { readonly how: "slice"; readonly wait: Wait }
  /** A permanent error; the wait stays, with `needs`. */
  | { readonly how: "external"; readonly wait: Wait; readonly message: string; readonly needs: string | null }
  /** Another watcher has the wait. */
  | { readonly how: "lost"; readonly wait: Wait | null };

/** What a foreground watch is given. */
export interface ForegroundOptions {
  readonly kind: WaitKind;
  readonly sliceS: number | null;
  /** Aborted with `TERM`, `INT` or `HUP` as its reason. */
  readonly signal: AbortSignal;
  /** Called after every step. */
  readonly onLook: (wait: Wait, look: LookRecord | null) => void;
}

/** Timers cannot be longer: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** Watches one wait in this process until its verdict, the end of the slice, or a signal. */
export async function watchForeground(wait: Wait, options: ForegroundOptions, deps: WatchDeps): Promise<ForegroundEnd> {
  const { kind, signal, sliceS } = options;
  const config = await deps.config(wait.extra.cwd ?? "/");
  const stop = new AbortController();
  const watch = new Watch({ wait, kind, config, deps, mode: "foreground", signal: stop.signal });
  signal.addEventListener("abort", () => stop.abort(signal.reason), { once: true });
  if (signal.aborted) stop.abort(signal.reason);
  const slice =
    sliceS === null ? undefined : setTimeout(() => stop.abort("slice"), Math.min(sliceS * 1000, LONGEST_MS));
  try {
    while (!stop.signal.aborted) {
      const step = await raceSignal(watch.step(), stop.signal);
      if (stop.signal.aborted) break;
      if (step && step.next !== "look") return ended(step);
      const now = current(wait, deps);
      options.onLook(now, lookOfCycle(deps.store.paths.looks, now));
      // Sleep one second at a time, so that a wake-up is noticed.
      for (let left = 1; left > 0 && !stop.signal.aborted; left = watch.dueAt - deps.clock.monotonic()) {
        await deps.clock.sleep(Math.min(Math.max(left, 1), 1000), stop.signal);
      }
    }
    if (signal.aborted) return await interrupted(watch, wait, options, deps);
    return await handOver(current(wait, deps), kind, deps);
  } finally {
    clearTimeout(slice);
    watch.leave();
  }
}

const current = (wait: Wait, deps: WatchDeps) => deps.store.read().waits.get(wait.wait_id) ?? wait;

function ended(step: Exclude<Step, { next: "look" }>): ForegroundEnd {
  if (step.next === "ended") return { how: "ended", wait: step.wait };
  if (step.next === "external") return { how: "external", wait: step.wait, message: step.message, needs: step.needs };
  return { how: "lost", wait: step.wait };
}

async function raceSignal(step: Promise<Step>, signal: AbortSignal): Promise<Step | null> {
  if (signal.aborted) return null;
  let leave = () => {};
  const aborted = new Promise<null>((resolve) => {
    leave = () => resolve(null);
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([step, aborted]);
  } finally {
    // Remove the listener: one per look would add up over hours.
    signal.removeEventListener("abort", leave);
  }
}

/** Ends the wait on TERM, INT or HUP, and the command that this watch started. */
async function interrupted(
  watch: Watch,
  wait: Wait,
  { kind, signal }: ForegroundOptions,
  deps: WatchDeps,
): Promise<ForegroundEnd> {
  const name = typeof signal.reason === "string" ? signal.reason : "TERM";
  const now = current(wait, deps);
  const ending = { outcome: "killed", cause: `signal:${name}`, reason: `SIG${name} ended the watch` } as const;
  const folded = await watch.stop(ending);
  if (folded) await endTarget(now, kind, deps);
  return folded ? { how: "ended", wait: folded } : { how: "lost", wait: deps.store.find(wait.wait_id) };
}

/** Ends what the kind started for a wait. */
export async function endTarget(wait: Wait, kind: WaitKind, deps: WatchDeps): Promise<void> {
  if (!kind.end) return;
  const config = await deps.config(wait.extra.cwd ?? "/");
  const context = await contextOf(wait, kind, config, deps);
  await kind
    .end(pinOf(asAsked(wait, deps.store.paths.asked)), context)
    .catch((error) => deps.log.warn(errorText(error)));
}

async function handOver(wait: Wait, kind: WaitKind, deps: WatchDeps): Promise<ForegroundEnd> {
  await giveBack([wait], "slice", deps);
  const now = deps.store.find(wait.wait_id) ?? wait;
  // The verdict may have been written while the slice ended.
  if (!isRunning(now.state)) return { how: "ended", wait: now };
  await startWatching(deps, now, kind);
  return { how: "slice", wait: deps.store.find(wait.wait_id) ?? now };
}
