import { isRunning } from "../../core/states.ts";
import type { Wait } from "../../core/wait.ts";
import type { WatchDeps } from "../../watch/deps.ts";
import { lookOfCycle } from "../../watch/engine/look-file.ts";
import { takeIn } from "../commands/watch/watching.ts";
import type { Context } from "../program/context.ts";
import type { Display } from "./live.ts";

const POLL_MS = 250;
/** How often the watcher is checked to be alive, in polls. */
const TAKE_IN_EVERY = 20;

/** How long to follow. */
interface Following {
  readonly display: Display;
  readonly signal: AbortSignal;
  /** Seconds after which it is enough. Default: no limit. */
  readonly limitS?: number;
}

/**
 * Follows a wait of another watcher until its verdict, and re-arms it when that watcher dies. Null when `signal` or the limit
 * came first.
 */
export async function followWait(
  wait: Wait,
  { display, signal, limitS = Number.POSITIVE_INFINITY }: Following,
  context: Context,
  deps: WatchDeps,
): Promise<Wait | null> {
  const end = deps.clock.monotonic() + limitS * 1000;
  for (let poll = 0; !signal.aborted && deps.clock.monotonic() < end; poll += 1) {
    const now = deps.store.find(wait.wait_id) ?? wait;
    if (!isRunning(now.state)) return now;
    if (poll % TAKE_IN_EVERY === 0) await takeIn(context, deps);
    display.show(now, lookOfCycle(deps.store.paths.looks, now));
    await deps.clock.sleep(POLL_MS, signal);
  }
  return null;
}
