import { isFinal } from "../../core/states.ts";
import type { Wait } from "../../core/wait.ts";
import { signalProcess } from "../../process/exec.ts";
import { isAlive } from "../../process/this-machine.ts";
import { nextRow } from "../../store/store.ts";
import type { WatchDeps } from "../deps.ts";
import { promotions } from "../register/slots.ts";
import { endTarget } from "./foreground.ts";

/**
 * Ends a wait on the user's request: ABANDONED, outcome `abandoned`. Its watcher notices at its next step; a process that watches
 * nothing else is signalled at once, and a command that p9 started is ended. Null when it was over already.
 */
export async function abandonWait(wait: Wait, deps: WatchDeps): Promise<Wait | null> {
  const extra = { outcome: "abandoned", cause: "abandoned", reason: "It was abandoned by hand" };
  const rows = await deps.store.commit((view) => {
    const now = view.waits.get(wait.wait_id);
    if (!now || isFinal(now.state)) return [];
    return [nextRow(now, "ABANDONED", { extra }), ...promotions(view, wait.wait_id, deps)];
  });
  if (rows.length === 0) return null;
  await stopWatcher(wait, deps);
  return deps.store.find(wait.wait_id);
}

/** Ends the process that watches this wait and nothing else, and what its kind started. */
export async function stopWatcher(wait: Wait, deps: WatchDeps): Promise<void> {
  const kind = await deps.kind(wait.kind, wait.extra.cwd ?? "/");
  const alone = kind?.process === "own" || wait.extra.mode === "foreground";
  // Only a process of this machine can be signalled.
  if (alone && wait.owner.pid !== deps.processes.self().pid && isAlive(deps.processes, wait.owner)) {
    signalProcess(wait.owner.pid, "SIGTERM");
  }
  if (kind) await endTarget(wait, kind, deps);
}
