import { ageMs, parseTimestamp } from "../../base/clock.ts";
import { formatDuration } from "../../base/duration.ts";
import { isNobody } from "../../core/owner.ts";
import type { Wait } from "../../core/wait.ts";
import { isAlive } from "../../process/this-machine.ts";
import { type WatchDeps, watcherGraceS } from "../deps.ts";
import { readLook } from "../engine/look-file.ts";

/**
 * State of a wait's watcher: alive; started and not yet reporting; gone after it gave the wait back; dead for less than the
 * grace; dead.
 */
export type Liveness = "alive" | "starting" | "released" | "dying" | "dead";

type LivenessDeps = Pick<WatchDeps, "processes" | "clock" | "env" | "store">;

/**
 * Whether the owner of a wait lives. The only place that decides it: an owner is a process of this machine so far, and an owner
 * known by a heartbeat of another machine would be checked here.
 */
export function ownerLives({ owner }: Pick<Wait, "owner">, { processes }: Pick<LivenessDeps, "processes">): boolean {
  return isAlive(processes, owner);
}

/** Looks at the process only; no network. */
export function livenessOf(wait: Wait, deps: LivenessDeps): Liveness {
  if (wait.extra.released === true) return "released";
  if (ownerLives(wait, deps)) return "alive";
  const withinGrace = ageMs(lastSign(wait, deps), deps.clock.now()) < watcherGraceS(deps.env) * 1000;
  if (isNobody(wait.owner)) return withinGrace ? "starting" : "dead";
  return withinGrace ? "dying" : "dead";
}

/** Why nobody watches an open wait, and when somebody will: the same in every command. Null: somebody does. */
export function unwatchedWords(wait: Wait, deps: LivenessDeps): string | null {
  switch (livenessOf(wait, deps)) {
    case "alive":
      return null;
    case "starting":
      return "its watcher starts";
    case "dying":
      return `its watcher died: it gets another after ${formatDuration(watcherGraceS(deps.env))} (p9 rearm --now: at once)`;
    default:
      return "its watcher is dead: p9 rearm gives it another";
  }
}

/** Whether the watcher holds the wait, so that a second watcher is refused and its slot is taken. */
export function isHeld(liveness: Liveness): boolean {
  return liveness !== "dead" && liveness !== "released";
}

/** When the watcher was last known to do something: its last row, or its last look. */
function lastSign(wait: Wait, deps: LivenessDeps): number {
  const look = readLook(deps.store.paths.looks, wait.wait_id);
  const looked = look?.last_look ? parseTimestamp(look.last_look) : 0;
  return Math.max(parseTimestamp(wait.ts) || 0, looked || 0);
}
