import type { Wait } from "../../src/core/wait.ts";
import type { WaitKind } from "../../src/plugin.ts";
import { type Step, Watch } from "../../src/watch/engine/watch.ts";
import type { world } from "./world.ts";

/** One look of a watch: when it was made, in seconds since the watch began. */
export interface Trace {
  readonly step: Step;
  /** Seconds of each look. */
  readonly looks: readonly number[];
}

/** Runs the engine on the world's clock until the watch ends, or for `maxS` seconds. */
export async function driveWatch(
  w: ReturnType<typeof world>,
  kind: WaitKind,
  wait: Wait,
  options: {
    readonly maxS?: number;
    readonly mode?: "foreground" | "background";
    readonly between?: (atS: number) => void | Promise<void>;
  } = {},
): Promise<Trace> {
  const config = await w.deps.config(w.home);
  const watch = new Watch({
    wait,
    kind,
    config,
    deps: w.deps,
    mode: options.mode ?? "foreground",
    signal: new AbortController().signal,
  });
  const begin = w.clock.monotonic();
  const looks: number[] = [];
  for (;;) {
    const atS = (w.clock.monotonic() - begin) / 1000;
    await options.between?.(atS);
    looks.push(atS);
    const step = await watch.step();
    const over = (w.clock.monotonic() - begin) / 1000 >= (options.maxS ?? 4 * 3600);
    if (step.next !== "look" || over) return { step, looks };
    w.clock.advance(Math.max(1, watch.dueAt - w.clock.monotonic()));
  }
}
