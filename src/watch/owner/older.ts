import { needsWatcher, type Wait } from "../../core/wait.ts";
import { signalProcess } from "../../process/exec.ts";
import { isAlive, type ProcessId } from "../../process/this-machine.ts";
import { VERSION } from "../../version.ts";
import type { WatchDeps } from "../deps.ts";
import { identifyEnvironment } from "./environment.ts";
import { giveBack } from "./lease.ts";
import { ownerLives } from "./liveness.ts";

/** How long an older watcher may take to hand back what it watches: a look that it breaks off, and a commit. */
const HAND_BACK_MS = 30_000;

/** Whether a watcher's version is older than this p9; version 1.0 recorded none. */
export function isOlderVersion(version: string | undefined): boolean {
  if (version === undefined) return true;
  const [theirs, ours] = [version, VERSION].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  const at = theirs?.findIndex((part, index) => part !== ours?.[index]) ?? -1;
  return at >= 0 && (theirs?.[at] ?? 0) < (ours?.[at] ?? 0);
}

/**
 * Whether a living background watcher of an older p9 has the wait, and this process has the environment to start another. An older
 * one is replaced: its files may be gone after an upgrade, and it does not know what newer rows say.
 */
export function isWatchedByOlder(wait: Wait, deps: Pick<WatchDeps, "store" | "processes" | "env">): boolean {
  if (!isOpen(wait) || wait.extra.mode !== "background" || wait.extra.released === true) return false;
  if (!isOlderVersion(wait.owner.version) || !ownerLives(wait, deps)) return false;
  return identifyEnvironment(deps.store.home, deps.env, wait.extra.env_names).env_id === wait.extra.env_id;
}

/** The waits of {@link isWatchedByOlder}. */
export function watchedByOlder(deps: Pick<WatchDeps, "store" | "processes" | "env">): readonly Wait[] {
  return [...deps.store.read().waits.values()].filter((wait) => isWatchedByOlder(wait, deps));
}

/**
 * Asks an older watcher to hand back what it watches, and waits until it has ended. Frees what it left: with its files gone it ends
 * without handing anything back, and the grace of a watcher that was killed is not for one that was ended here.
 */
export async function replaceOlder(older: ProcessId, deps: WatchDeps, signal: AbortSignal): Promise<void> {
  signalProcess(older.pid, "SIGTERM");
  const end = deps.clock.monotonic() + HAND_BACK_MS;
  while (isAlive(deps.processes, older)) {
    if (deps.clock.monotonic() > end || signal.aborted) return;
    await deps.clock.sleep(50, signal);
  }
  const left = [...deps.store.read().waits.values()].filter(
    (wait) => isOpen(wait) && wait.owner.pid === older.pid && wait.owner.pid_start === older.pid_start,
  );
  if (left.length > 0) await giveBack(left, "replaced", deps);
}

function isOpen(wait: Wait): boolean {
  return needsWatcher(wait) || (wait.state === "PUSHED" && wait.extra.unbound === true);
}
