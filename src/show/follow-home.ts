import { type FSWatcher, watch } from "node:fs";
import type { Paths } from "../store/paths.ts";

/** How long changes are gathered, and how far apart two calls are at least. */
const GATHER_MS = 100;
const APART_MS = 1000;
/** Watchers and leases end without a change of any file; and some file systems report none. */
const BEAT_MS = 5000;

/**
 * Calls `changed` soon after the files of a state directory have changed (at most once a second), and every five seconds anyway, until
 * `signal` is aborted. The directory need not exist yet. Nothing is read while nothing happens.
 */
export function followHome(
  { home, looks, inbox }: Pick<Paths, "home" | "looks" | "inbox">,
  changed: () => void,
  signal: AbortSignal,
): void {
  const watched = new Map<string, FSWatcher>();
  let calledAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  const call = () => {
    timer = null;
    calledAt = performance.now();
    changed();
  };
  const soon = () => {
    timer ??= setTimeout(call, Math.max(GATHER_MS, calledAt + APART_MS - performance.now()));
  };
  const watchAll = () => {
    for (const dir of [home, looks, inbox]) {
      if (!watched.has(dir)) watchDir(dir, watched, soon);
    }
  };
  watchAll();
  const beat = setInterval(() => {
    watchAll();
    soon();
  }, BEAT_MS);
  const end = () => {
    clearInterval(beat);
    if (timer) clearTimeout(timer);
    for (const watcher of watched.values()) watcher.close();
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
}

/** A directory that is not there yet, or goes away, is tried again with the next beat. */
function watchDir(dir: string, watched: Map<string, FSWatcher>, changed: () => void): void {
  try {
    const watcher = watch(dir, { persistent: false }, changed);
    watcher.on("error", () => {
      watched.delete(dir);
      watcher.close();
    });
    watched.set(dir, watcher);
  } catch {
    // No directory, or no more watches to be had: the beat goes on.
  }
}
