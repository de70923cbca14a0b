import { isObject, type JsonObject } from "../../base/json.ts";
import type { Options } from "../../contract/options.ts";
import type { Pin, WaitKind } from "../../contract/wait-kind.ts";
import { CeilingError } from "../../core/errors.ts";
import type { NewEvent, WaitExtra } from "../../core/events.ts";
import { NOBODY, nextOwner, type OwnerProcess } from "../../core/owner.ts";
import { isRunning } from "../../core/states.ts";
import type { WaitTraits } from "../../core/traits.ts";
import { isUnbound, type Wait } from "../../core/wait.ts";
import { waitName } from "../../core/wait-name.ts";
import type { View } from "../../store/fold.ts";
import { nextRow } from "../../store/store.ts";
import type { WatchConfig, WatchDeps } from "../deps.ts";
import { deadlineFor, readDurations } from "../durations.ts";
import { pinJson, pinOf } from "../engine/pin.ts";
import { identifyEnvironment } from "../owner/environment.ts";
import { isHeld, livenessOf } from "../owner/liveness.ts";
import { newWaitId, newWatcherId } from "./ids.ts";
import { holdersOf, type Slots } from "./slots.ts";

/** A pinned request to watch. */
export interface Registering {
  readonly kind: WaitKind;
  readonly pin: Pin;
  readonly options: Options;
  readonly session: string;
  readonly cwd: string;
  readonly argv: readonly string[];
  /** See `askedWords` in asked.ts. */
  readonly asked?: readonly string[];
  /** `foreground`: the calling process watches. `background`: a driver or a process of its own does. */
  readonly mode: "foreground" | "background";
  readonly timeoutS: number | null;
  /** Seconds of a timeout given by hand that have passed before the registration. Default 0. */
  readonly usedS?: number;
  readonly intervalS: number | null;
  /** Take over from a dead watcher without waiting for the grace. */
  readonly adopt: boolean;
  /** Supersede a live watcher. */
  readonly force: boolean;
  /** When the push was made (ms since the epoch), for waits that a push starts. */
  readonly pushedAt?: number;
}

/** Result of {@link registerWait}. */
export interface Registration {
  /**
   * `watching`: registered, or taken over. `queued`: no free slot. `already`: a live watcher has it, and the session is
   * subscribed.
   */
  readonly outcome: "watching" | "queued" | "already";
  readonly wait: Wait;
  /** The wait that a forced registration superseded. */
  readonly superseded: Wait | null;
  /** Whether the wait was marked MERGE_READY, which watching it again takes back. */
  readonly unmarked: boolean;
}

/** What a registration is decided by: the request, and the log as it is under the lock. */
interface Application {
  readonly view: View;
  readonly request: Registering;
  /** The extras of a first row. */
  readonly extra: WaitExtra;
  readonly slots: Slots;
  readonly deps: WatchDeps;
}

interface Decision {
  readonly outcome: Registration["outcome"];
  readonly waitId: string;
  readonly superseded: Wait | null;
  readonly unmarked?: boolean;
  readonly events: readonly NewEvent[];
}

/**
 * Registers a wait in one commit: under the lock it checks for a watcher of the same target and for a free slot, and writes the
 * rows.
 *
 * @throws {CeilingError} when a foreground watch finds no room; then nothing is registered.
 */
export async function registerWait(request: Registering, deps: WatchDeps): Promise<Registration> {
  const config = await deps.config(request.cwd);
  const slots: Slots = { max: config.maxConcurrentPrs, scope: config.scope };
  const extra = firstExtra(request, config, slots, deps);
  let decision: Decision | undefined;
  await deps.store.commit((view) => {
    decision = decide({ view, request, extra, slots, deps });
    return decision.events;
  });
  if (!decision) throw new Error("commit() resolved without calling decide()");
  const wait = deps.store.find(decision.waitId);
  if (!wait) throw new Error(`The wait "${decision.waitId}" is not in the log after its registration`);
  const { outcome, superseded, unmarked = false } = decision;
  return { outcome, wait, superseded, unmarked };
}

function decide(application: Application): Decision {
  const { view, request, deps } = application;
  const open = openWait(view, request);
  if (!open) return startWait(application);
  if (open.state === "WATCHING" || open.state === "HEALING") {
    if (request.force) return startWait(application, open);
    const liveness = livenessOf(open, deps);
    const mayTake = !isHeld(liveness) || (request.adopt && liveness === "dying");
    return mayTake ? adopt(application, open) : subscribe(open, request);
  }
  if (isUnbound(open) && !request.pin.complete) return subscribe(open, request);
  return watchAgain(application, open);
}

/** The open wait of the same target, or null. A kind without a slow phase starts a new one after a verdict. */
function openWait(view: View, { kind, pin }: Registering): Wait | null {
  for (const key of [pin.key, ...(pin.aliases ?? [])]) {
    const wait = view.findOpen(kind.name, key);
    if (wait && (isRunning(wait.state) || kind.slowAfterVerdict)) return wait;
  }
  return null;
}

/** Starts a new wait, in place of the one that it supersedes. */
function startWait({ view, request, extra, slots, deps }: Application, superseded: Wait | null = null): Decision {
  const { pin } = request;
  const wait_id = newWaitId();
  const repo = pin.repo ?? null;
  const applicant = { wait_id, kind: request.kind.name, session_id: request.session, repo, extra };
  const holders = holdersOf(view, applicant, slots, deps).filter((wait) => wait !== superseded);
  const full = holders.length >= slots.max;
  if (full) refuseForeground(request, extra);
  const queued = full || !pin.complete;
  const first = {
    type: "transition",
    wait_id,
    kind: request.kind.name,
    ref: pin.ref,
    pr: pin.pr ?? null,
    repo,
    sha: pin.sha ?? null,
    from_state: null,
    to_state: "PUSHED",
    watcher_id: newWatcherId(),
    attempt: 0,
    evaluator_score: null,
    session_id: request.session,
    extra: { ...extra, unbound: !pin.complete, ...watcherOf(request, deps), generation: 1 },
  } as const;
  const rows: NewEvent[] = [...(superseded ? [supersede(superseded)] : []), first];
  if (!queued) rows.push({ ...first, from_state: "PUSHED", to_state: "WATCHING" });
  return { outcome: queued ? "queued" : "watching", waitId: wait_id, superseded, events: rows };
}

/** Refuses a foreground watch without a free slot; nothing is registered. */
function refuseForeground({ mode, kind, pin }: Registering, extra: WaitExtra): void {
  if (mode !== "foreground") return;
  const what = waitName({ kind: kind.name, ref: pin.ref, repo: pin.repo ?? null, pr: pin.pr, extra });
  const why = "the ceiling of concurrent pull requests is reached (ci_watch.max_concurrent_prs)";
  const hint = "--background queues it; p9 status shows what is watched";
  throw new CeilingError(`Cannot watch ${what} now: ${why}`, { hint });
}

/** Starts a new cycle of a wait that has its verdict or is queued, when a slot is free. */
function watchAgain({ view, request, extra, slots, deps }: Application, open: Wait): Decision {
  const { session } = request;
  const pin = knownPin(open, request);
  const full = holdersOf(view, { ...open, session_id: session }, slots, deps).length >= slots.max;
  if (full) refuseForeground(request, extra);
  const to = full || !pin.complete ? "PUSHED" : "WATCHING";
  // The requesting session becomes owner and takes the slot; the previous owner stays subscribed.
  const heard: NewEvent[] =
    open.session_id === session
      ? []
      : [{ type: "wait.subscribed", wait_id: open.wait_id, session_id: open.session_id }];
  const outcome = to === "PUSHED" ? "queued" : "watching";
  const decision = { outcome, waitId: open.wait_id, superseded: null } as const;
  if (to === open.state) return { ...decision, events: [...pushed(open, request), ...subscription(open, request)] };
  const told = open.session_id === session || open.subscribers.includes(session);
  const row = nextRow(open, to, {
    session_id: session,
    owner: nextOwner(open, watcherOf(request, deps), newWatcherId()),
    attempt: open.state === "RED_CLASSIFIED" && told ? open.attempt + 1 : open.attempt,
    pin: {
      ...{ ref: pin.ref, pr: pin.pr ?? open.pr, repo: pin.repo ?? open.repo, sha: pin.sha ?? null },
      extra: { ...extra, key: pin.key, pin: pinJson(pin), prev_shas: pin.prev_shas ?? [] },
    },
    extra: { unbound: !pin.complete, released: false, cause: "watched-again" },
  });
  return { ...decision, unmarked: open.state === "MERGE_READY", events: [row, ...heard] };
}

/** The pin of a new cycle: a push knows only its commit, so the pull request comes from the wait. */
function knownPin(open: Wait, { pin }: Registering): Pin {
  if (pin.complete || open.extra.unbound === true || open.pr === null) return pin;
  const known = pinOf(open);
  const moved = pin.sha && pin.sha !== open.sha;
  if (!moved) return known;
  return { ...known, sha: pin.sha, prev_shas: [...(known.prev_shas ?? []), ...(open.sha ? [open.sha] : [])] };
}

/** Gives the wait of a dead watcher to a new one: same wait, same command. */
function adopt({ request, extra, deps }: Application, open: Wait): Decision {
  const { env_id } = extra;
  const lease: NewEvent = {
    type: "wait.lease",
    wait_id: open.wait_id,
    cause: "adopted",
    ...nextOwner(open, watcherOf(request, deps), newWatcherId()),
    ...(env_id === undefined ? {} : { env_id }),
  };
  return {
    outcome: "watching",
    waitId: open.wait_id,
    superseded: null,
    events: [lease, ...subscription(open, request)],
  };
}

function subscribe(open: Wait, request: Registering): Decision {
  const events = [...pushed(open, request), ...subscription(open, request)];
  return { outcome: "already", waitId: open.wait_id, superseded: null, events };
}

/** Rows for a push to a watched branch: later verdicts are about the pushed commit. */
function pushed(open: Wait, { pin, pushedAt }: Registering): NewEvent[] {
  if (pushedAt === undefined || !pin.sha || pin.sha === open.sha) return [];
  const prev_shas = [...(open.extra.prev_shas ?? []), ...(open.sha ? [open.sha] : [])];
  const { ref, pr, repo } = open;
  const before = isObject(open.extra.pin) ? open.extra.pin : {};
  return [
    {
      type: "wait.pinned",
      wait_id: open.wait_id,
      ...{ ref, pr, repo, prev_shas, sha: pin.sha },
      key: open.extra.key ?? pin.key,
      pin: { ...before, sha: pin.sha, prev_shas },
      unbound: open.extra.unbound === true,
      reason: "A push was seen",
    },
  ];
}

function subscription(open: Wait, { session }: Registering): NewEvent[] {
  if (open.session_id === session || open.subscribers.includes(session)) return [];
  return [{ type: "wait.subscribed", wait_id: open.wait_id, session_id: session }];
}

/** The row that ends a wait because another watch supersedes it. */
function supersede(open: Wait): NewEvent {
  const reason = "Another watch was started with --force";
  return nextRow(open, "ABANDONED", { extra: { outcome: "superseded", cause: "superseded", reason } });
}

/** The watching process: this one, or none yet. */
function watcherOf({ mode }: Registering, deps: WatchDeps): OwnerProcess {
  return mode === "foreground" ? deps.processes.self() : NOBODY;
}

function firstExtra(request: Registering, config: WatchConfig, slots: Slots, deps: WatchDeps): WaitExtra {
  const { kind, pin } = request;
  const history = historyOf(kind.name, pin);
  const configured = config.deadline[kind.name] ?? kind.deadlineS ?? 3600;
  const deadline = request.timeoutS ?? deadlineFor(configured, readDurations(deps.store.paths.durations, history));
  return {
    key: pin.key,
    prev_shas: pin.prev_shas ?? [],
    cwd: request.cwd,
    argv: request.argv,
    ...(request.asked === undefined ? {} : { asked: request.asked }),
    deadline,
    deadline_by_hand: request.timeoutS !== null,
    active_used: request.timeoutS === null ? 0 : (request.usedS ?? 0),
    ...(request.intervalS === null ? {} : { interval: request.intervalS }),
    ...identifyEnvironment(deps.store.home, deps.env, [...(kind.env ?? []), ...(pin.env ?? [])]),
    mode: request.mode,
    pin: pinJson(pin),
    options: optionsJson(request.options),
    history,
    ...(kind.traits === undefined ? {} : { traits: traitsJson(kind.traits) }),
    ...(pin.title === undefined ? {} : { title: pin.title }),
    ...(pin.log === undefined ? {} : { log: pin.log }),
    ...(request.pushedAt === undefined ? {} : { pushed: request.pushedAt }),
    ceiling_max: slots.max,
    ceiling_scope: slots.scope,
  };
}

/** Which earlier waits a wait is compared with. */
export function historyOf(kind: string, pin: Pin): string {
  return `${kind}:${pin.history ?? pin.repo?.toLowerCase() ?? pin.key}`;
}

function traitsJson({ next, ...traits }: WaitTraits): JsonObject {
  return { ...traits, ...(next === undefined ? {} : { next: { ...next } }) };
}

function optionsJson(options: Options): JsonObject {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
