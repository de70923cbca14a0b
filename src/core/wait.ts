import { isObject } from "../base/json.ts";
import { type LeaseEvent, STICKY, type Transition, type WaitExtra } from "./events.ts";
import { isFinal, isRunning, type State } from "./states.ts";

/** Who watches: a process, and which of its turns. */
export interface Owner {
  readonly watcher_id: string;
  /** 0: nobody. */
  readonly pid: number;
  readonly pid_start: string;
  readonly boot_id: string;
  readonly generation: number;
  /** Version of the p9 that watches in the background; absent for version 1.0, and for a process that is no background watcher. */
  readonly version?: string;
}

/** One wait as folded from the log: its last transition, and what other events added. */
export interface Wait {
  readonly wait_id: string;
  readonly kind: string;
  readonly ref: string;
  readonly pr: number | null;
  readonly repo: string | null;
  readonly sha: string | null;
  readonly state: State;
  readonly attempt: number;
  readonly evaluator_score: number | null;
  readonly session_id: string;
  /** Sessions that hear the ending beside `session_id`. */
  readonly subscribers: readonly string[];
  readonly owner: Owner;
  /** Time stamp of the first row. */
  readonly registered_at: string;
  /** Time stamp of the last transition to WATCHING: the start of this cycle. Empty before the first. */
  readonly cycle_at: string;
  /** Time stamp of the last transition. */
  readonly ts: string;
  /** All that later rows inherit, with the last row's own. */
  readonly extra: WaitExtra;
  readonly needs: string | null;
  /** Unknown values that were reported already. */
  readonly unknown_values: readonly string[];
  /** The last transition as recorded. */
  readonly last: Transition;
}

/**
 * Whether a watcher must look after the wait: it runs, its target has still to appear, or it is a pull request in its slow phase
 * (`extra.slow`).
 */
export function needsWatcher(wait: Wait): boolean {
  const slow = wait.extra.slow === true && !isFinal(wait.state) && !isRunning(wait.state);
  return wait.state === "WATCHING" || isUnbound(wait) || slow;
}

/** Whether the target of a wait has still to appear; a PUSHED wait that has its target waits for a slot. */
export function isUnbound(wait: Pick<Wait, "state" | "extra">): boolean {
  return wait.state === "PUSHED" && wait.extra.unbound === true;
}

/** Whether a wait that has its target waits for a slot (`ci_watch.max_concurrent_prs`). */
export function isQueued(wait: Pick<Wait, "state" | "extra">): boolean {
  return wait.state === "PUSHED" && wait.extra.unbound !== true;
}

/** Whether one of the sessions of `family` hears the ending. */
export function isHeardBy(wait: Pick<Wait, "session_id" | "subscribers">, family: ReadonlySet<string>): boolean {
  return family.has(wait.session_id) || wait.subscribers.some((session) => family.has(session));
}

/** The extras that the next row of a wait inherits. */
export function inherited(extra: WaitExtra): WaitExtra {
  return Object.fromEntries(STICKY.flatMap((key) => (extra[key] === undefined ? [] : [[key, extra[key]]])));
}

/** The owner that a transition or a lease names. */
export function ownerOf(row: Transition | LeaseEvent): Owner {
  const from: WaitExtra | LeaseEvent = row.type === "transition" ? row.extra : row;
  return {
    watcher_id: row.watcher_id,
    pid: from.pid ?? 0,
    pid_start: from.pid_start ?? "",
    boot_id: from.boot_id ?? "",
    generation: from.generation ?? 0,
    ...(from.watcher_version === undefined ? {} : { version: from.watcher_version }),
  };
}

/** The page on the web that a wait was pinned to, without what may be a secret in its address; null: to none. */
export function pinnedPage({ extra }: Pick<Wait, "extra">): string | null {
  const identity = isObject(extra.pin) && isObject(extra.pin.identity) ? extra.pin.identity : {};
  if (typeof identity.url !== "string" || !URL.canParse(identity.url)) return null;
  const { protocol, origin, pathname } = new URL(identity.url);
  return protocol === "https:" || protocol === "http:" ? `${origin}${pathname}` : null;
}
