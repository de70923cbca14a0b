import { setMaxListeners } from "node:events";
import { EXIT } from "../../core/exit-codes.ts";

const SIGNALS = { SIGTERM: "TERM", SIGINT: "INT", SIGHUP: "HUP" } as const;

/**
 * Turns TERM, INT and HUP into an abort whose reason is `TERM`, `INT` or `HUP`, so that a watch can fold and report before it
 * ends. A second signal ends the process at once. Call `release` when the watch is over.
 *
 * @param stop stands for the signals, as TERM, where the process is not the command's own
 */
export function trapSignals(stop: AbortSignal | null = null): {
  readonly signal: AbortSignal;
  readonly release: () => void;
} {
  const controller = new AbortController();
  if (stop !== null) return stoppedBy(stop, controller);
  // Each of many waits listens: Node would warn of a leak on stderr.
  setMaxListeners(0, controller.signal);
  const handlers = Object.entries(SIGNALS).map(([signal, reason]) => {
    const handle = () => {
      if (controller.signal.aborted) process.exit(EXIT.unknown);
      controller.abort(reason);
    };
    process.on(signal, handle);
    return { signal, handle };
  });
  return {
    signal: controller.signal,
    release: () => {
      for (const { signal, handle } of handlers) process.removeListener(signal, handle);
    },
  };
}

function stoppedBy(stop: AbortSignal, controller: AbortController): ReturnType<typeof trapSignals> {
  const end = () => controller.abort("TERM");
  if (stop.aborted) end();
  else stop.addEventListener("abort", end, { once: true });
  return { signal: controller.signal, release: () => stop.removeEventListener("abort", end) };
}
