import type { LookResult, WaitKind } from "../../contract/wait-kind.ts";
import { isQueued, type Wait } from "../../core/wait.ts";
import { nextRow, sameTurn } from "../../store/store.ts";
import type { WatchConfig, WatchDeps } from "../deps.ts";
import { contextOf, lookContextOf } from "../engine/look-context.ts";
import type { LookMemory } from "../engine/look-memory.ts";
import { withinLimits } from "../engine/time-limit.ts";
import { promotions } from "./slots.ts";

/** How often a wait without a slot is looked at, in seconds. */
export const QUEUED_LOOK_S = 60;
/** Time limit of a look for a kind that names none, in seconds. */
export const LOOK_LIMIT_S = 60;

interface Looking {
  readonly kind: WaitKind;
  readonly config: WatchConfig;
  readonly deps: WatchDeps;
}

/** One look at a wait without a slot: its deadline has not begun. */
export function queuedLook(
  { kind, config, deps }: Looking,
  wait: Wait,
  memory: LookMemory,
  unwanted: AbortSignal,
): Promise<LookResult> {
  const limits = {
    what: "Looking",
    limitS: kind.lookTimeoutS ?? LOOK_LIMIT_S,
    leftS: () => Number.POSITIVE_INFINITY,
    signal: unwanted,
  };
  return withinLimits(limits, async (signal) => {
    const context = await contextOf(wait, kind, config, deps, signal);
    return kind.look(lookContextOf(wait, context, memory, deps));
  });
}

/** Gives a wait that has its verdict a slot beyond those that there are. False when it is queued no more. */
export async function takeSlot(wait: Wait, deps: Pick<WatchDeps, "store">): Promise<boolean> {
  const rows = await deps.store.commit((view) => {
    const now = view.waits.get(wait.wait_id);
    if (!now || !sameTurn(now, wait) || !isQueued(now)) return [];
    return [nextRow(now, "WATCHING", { extra: { cause: "verdict-seen", reason: "It has its verdict" } })];
  });
  return rows.length > 0;
}

/** Gives free slots to the waits that are next, if there are any: a watch may have begun to sit out a grace. */
export async function takeFreeSlots(deps: WatchDeps): Promise<void> {
  if (promotions(deps.store.read(), null, deps).length === 0) return;
  await deps.store.commit((view) => promotions(view, null, deps));
}
