import * as timers from "node:timers";

/** Milliseconds that a connection or a plugin may go on after the last output. */
const LINGER_MS = 300;

const running = new Set<() => void>();

/** Registers how to stop something at exit. Returns a function that unregisters it. */
export function stopAtLeaving(stop: () => void): () => void {
  running.add(stop);
  return () => running.delete(stop);
}

/**
 * Ends the process with its exit code after the command's answer: stops pending requests, and exits even if one does not stop.
 */
export function leave(): void {
  for (const stop of [...running]) stop();
  // Uses Node's timer on Deno too, because the global function returns a number there.
  timers.setTimeout(() => process.exit(), LINGER_MS).unref();
}
