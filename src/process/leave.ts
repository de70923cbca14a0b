import * as timers from "node:timers";

/** So long a connection or a plugin may go on after p9 has said all it has to say. */
const LINGER_MS = 300;

const running = new Set<() => void>();

/** Registers how to stop something that p9 does not leave behind. Returns what to call when it has ended by itself. */
export function stopAtLeaving(stop: () => void): () => void {
  running.add(stop);
  return () => running.delete(stop);
}

/**
 * The command has its answer, and nobody waits any more for what it still asked others: that is stopped, and the process ends
 * with the exit code that it is given, whatever does not let itself be stopped.
 */
export function leave(): void {
  for (const stop of [...running]) stop();
  // The handle is Node's own on Deno, too: there the global function gives a number.
  timers.setTimeout(() => process.exit(), LINGER_MS).unref();
}
