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
  const dirs = [home, looks, inbox];
  let watchers: FSWatcher[] = [];
  let calledAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  const close = () => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const call = () => {
    timer = null;
    calledAt = performance.now();
    // Before anything is read, so that what changes meanwhile is told again.
    if (watchers.length < dirs.length) {
      close();
      watchers = dirs.flatMap((dir) => watchDir(dir, soon));
    }
    changed();
  };
  const soon = () => {
    if (timer !== null) return;
    timer = setTimeout(call, Math.max(GATHER_MS, calledAt + APART_MS - performance.now()));
    // Until then every further change would only wake this process.
    close();
  };
  watchers = dirs.flatMap((dir) => watchDir(dir, soon));
  const beat = setInterval(soon, BEAT_MS);
  const end = () => {
    clearInterval(beat);
    if (timer) clearTimeout(timer);
    close();
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
}

/** A directory that is not there yet, or of which the system tells nothing, is tried again with the next beat. */
function watchDir(dir: string, changed: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(dir, { persistent: false }, changed);
    watcher.on("error", changed);
    return [watcher];
  } catch {
    return [];
  }
}
