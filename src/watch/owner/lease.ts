import type { NewEvent } from "../../core/events.ts";
import { isNobody, nextOwner } from "../../core/owner.ts";
import type { Wait } from "../../core/wait.ts";
import { sameTurn } from "../../store/store.ts";
import { VERSION } from "../../version.ts";
import type { WatchDeps } from "../deps.ts";
import { newWatcherId } from "../register/ids.ts";
import { isHeld, livenessOf } from "./liveness.ts";

type Lease = NewEvent & { type: "wait.lease" };

/** The event by which a watcher gives its wait back. */
export function releaseLease(wait: Wait, cause: string): Lease {
  return { type: "wait.lease", wait_id: wait.wait_id, ...nextOwner(wait), cause };
}

/**
 * Claims a wait that no process watches, or whose watcher is dead, for this process. Null when another process was first, or its
 * watcher lives. `now`: without waiting for the grace.
 */
export async function claimLease(
  wait: Wait,
  deps: WatchDeps,
  options: { readonly now?: boolean; readonly envId?: string } = {},
): Promise<Wait | null> {
  const me = deps.processes.self();
  const committed = await deps.store.commit((view) => {
    const current = view.waits.get(wait.wait_id);
    if (!current || !sameTurn(current, wait) || !mayClaim(current, deps, options.now ?? false)) return [];
    const fresh = isNobody(current.owner) && current.extra.released !== true;
    const lease: Lease = {
      type: "wait.lease",
      wait_id: current.wait_id,
      // The watcher named by the registration keeps its id; a re-armed one gets a new id.
      ...nextOwner(current, me, fresh ? current.owner.watcher_id : newWatcherId()),
      watcher_version: VERSION,
      cause: fresh ? "started" : "re-armed",
      ...(options.envId === undefined ? {} : { env_id: options.envId }),
    };
    return [lease];
  });
  return committed.length > 0 ? (deps.store.read().waits.get(wait.wait_id) ?? null) : null;
}

function mayClaim(wait: Wait, deps: WatchDeps, now: boolean): boolean {
  const liveness = livenessOf(wait, deps);
  if (liveness === "alive") return false;
  return liveness === "starting" || now || !isHeld(liveness);
}

/** Gives back what this process still owns. */
export async function giveBack(waits: readonly Wait[], cause: string, deps: WatchDeps): Promise<void> {
  await deps.store.commit((view) =>
    waits.flatMap((wait) => {
      const current = view.waits.get(wait.wait_id);
      return current && sameTurn(current, wait) ? [releaseLease(current, cause)] : [];
    }),
  );
}
