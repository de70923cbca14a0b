import { isObject } from "../../base/json.ts";
import { oneLine } from "../../base/text.ts";
import type { Pin, WaitKind, WaitRequest } from "../../contract/wait-kind.ts";
import type { NewEvent } from "../../core/events.ts";
import { shown } from "../../core/shown.ts";
import type { Wait } from "../../core/wait.ts";
import type { View } from "../../store/fold.ts";
import { nextRow, sameTurn } from "../../store/store.ts";
import type { WatchDeps } from "../deps.ts";
import { holdersOf, slotsOf } from "../register/slots.ts";
import type { Ending } from "./ending.ts";
import { pinJson, pinOf } from "./pin.ts";

/** What an attempt to bind a wait to its target came to. */
export interface Binding {
  readonly bound: boolean;
  readonly ending: Ending | null;
  readonly reason: string;
  /** Seconds until it must have appeared, or null when nothing says so. */
  readonly leftS: number | null;
}

/** Binds a wait that was registered without the network, or whose target had not appeared, to what its kind found now. */
export async function bindPin(
  wait: Wait,
  kind: WaitKind,
  pin: Pin,
  activeS: number,
  deps: WatchDeps,
): Promise<Binding> {
  if (!pin.complete) {
    const { appear = pinOf(wait).appear } = pin;
    const late = appear && activeS >= appear.withinS;
    const ending = late ? ({ outcome: appear.outcome, cause: "look", reason: appear.reason } as const) : null;
    const leftS = appear ? Math.max(0, appear.withinS - activeS) : null;
    return { bound: false, ending, reason: pin.note ?? `${pin.ref} has not appeared yet`, leftS };
  }
  await deps.store.commit((view) => bindRows(view, wait, pin, kind, deps));
  return { bound: true, ending: null, reason: "", leftS: null };
}

function bindRows(view: View, wait: Wait, pin: Pin, kind: WaitKind, deps: WatchDeps): readonly NewEvent[] {
  const now = view.waits.get(wait.wait_id);
  if (!now || !sameTurn(now, wait)) return [];
  const keys = [pin.key, ...(pin.aliases ?? [])];
  const other = keys.map((key) => view.findOpen(kind.name, key)).find((one) => one && one.wait_id !== now.wait_id);
  if (other) {
    const reason = `${pin.ref} is watched already as ${other.wait_id}`;
    const extra = { outcome: "superseded", cause: "superseded", reason, silent: true };
    return [
      nextRow(now, "ABANDONED", { extra }),
      { type: "wait.subscribed", wait_id: other.wait_id, session_id: now.session_id },
    ];
  }
  const pinned = pinnedEvent(now, pin, pin.note ?? `Bound to ${pin.ref}`);
  if (now.state !== "PUSHED") return [pinned];
  // Bind and take a slot in the same commit, so that no other wait can take it in between.
  const repo = pin.repo ?? now.repo;
  const full = holdersOf(view, { ...now, repo }, slotsOf(now), deps).length >= slotsOf(now).max;
  if (full) return [pinned];
  const change = { ref: pin.ref, pr: pin.pr ?? null, repo, sha: pin.sha ?? null };
  const extra = { key: pin.key, pin: pinJson(pin), prev_shas: pin.prev_shas ?? [], unbound: false };
  return [pinned, nextRow(now, "WATCHING", { pin: { ...change, extra } })];
}

/** Rebuilds the request that a wait was pinned with. */
export function requestOf(wait: Wait, previous: Pin): WaitRequest {
  const { options, argv, pushed } = wait.extra;
  const branch = previous.identity.branch;
  return {
    ref: typeof previous.identity.ref === "string" ? previous.identity.ref : null,
    argv: argv ?? [],
    options: isObject(options) ? options : {},
    network: true,
    ...(typeof pushed === "number" && wait.sha && typeof branch === "string"
      ? { pushed: { sha: wait.sha, branch, at: pushed } }
      : {}),
  };
}

/** Writes the wait's new pin, unless it is unchanged. */
export async function followPin(wait: Wait, pin: Pin, reason: string, deps: WatchDeps): Promise<void> {
  if (JSON.stringify(shown(pinJson(pin))) === JSON.stringify(wait.extra.pin)) return;
  await deps.store.commit((view) => {
    const now = view.waits.get(wait.wait_id);
    return now && sameTurn(now, wait) ? [pinnedEvent(now, pin, reason)] : [];
  });
}

function pinnedEvent(wait: Wait, pin: Pin, reason: string): NewEvent {
  return {
    type: "wait.pinned",
    wait_id: wait.wait_id,
    ref: pin.ref,
    pr: pin.pr ?? null,
    repo: pin.repo ?? wait.repo,
    sha: pin.sha ?? null,
    prev_shas: pin.prev_shas ?? wait.extra.prev_shas ?? [],
    key: pin.key,
    pin: pinJson(pin),
    unbound: !pin.complete,
    reason: oneLine(reason, 300),
    ...(pin.process ? { target_pid: pin.process.pid, target_start: pin.process.start } : {}),
    ...(pin.log === undefined ? {} : { log: pin.log }),
  };
}
