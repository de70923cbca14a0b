import type { Json, JsonObject } from "../base/json.ts";
import type { State } from "./states.ts";

/** A change of state of one wait: the row that users, `events tail` and other programs read. */
export interface Transition {
  readonly type: "transition";
  /** `YYYY-MM-DDTHH:MM:SS+00:00`. */
  readonly ts: string;
  readonly wait_id: string;
  /** Name of the wait kind: a built-in one's or a plugin's. */
  readonly kind: string;
  /** What people call the target: `#42`, `npm test`, `deploy/prod`. */
  readonly ref: string;
  readonly pr: number | null;
  /** `owner/name`, or null when unknown. Never guessed. */
  readonly repo: string | null;
  /** Full sha of the commit that the wait is pinned to, when its kind has one. */
  readonly sha: string | null;
  /** null for the first row of a wait. */
  readonly from_state: State | null;
  readonly to_state: State;
  /** Who watches in this cycle; a superseded watcher can no longer write. */
  readonly watcher_id: string;
  readonly attempt: number;
  readonly evaluator_score: number | null;
  readonly session_id: string;
  readonly extra: WaitExtra;
}

/** What was told of a commit since the newest news of it. */
export interface Told extends JsonObject {
  readonly sha: string | null;
  /** When that news happened; see `LookResult.newsAt` in contract/wait-kind.ts. */
  readonly at: number;
  readonly outcomes: readonly string[];
  /** Those of {@link Told.outcomes} that somebody was told; the others began a cycle. Absent: written by a version that did not part them. */
  readonly heard?: readonly string[];
}

/** What a transition carries beside its columns. Later rows inherit what {@link STICKY} names. */
export interface WaitExtra extends JsonObject {
  /** How the watch ended; see `states.ts`. */
  readonly outcome?: string;
  /** `look`, `signal:TERM`, `deadline`, `superseded`, `reaped:dead-watcher`, `error:<name>`. */
  readonly cause?: string;
  /** A sentence for people. */
  readonly reason?: string;
  /** What two registrations of the same target have in common; unique per kind. */
  readonly key?: string;
  readonly prev_shas?: readonly string[];
  readonly cwd?: string;
  /** The command watched (`build`, `command`). */
  readonly argv?: readonly string[];
  /** The words behind `p9 watch` that ask for the same again; see `asked.ts`. */
  readonly asked?: readonly string[];
  /** Seconds of active time after which the wait ends as `timed_out`. */
  readonly deadline?: number;
  /** Whether the deadline was given by hand: then it ends a command that p9 started. */
  readonly deadline_by_hand?: boolean;
  /** Seconds of the deadline that were used when this row was written. */
  readonly active_used?: number;
  /** Seconds between looks, when given by hand. */
  readonly interval?: number;
  /** Set by {@link DismissedEvent}. */
  readonly dismissed?: boolean;
  /** Names (never values) of the credential variables that were set when the wait was registered. */
  readonly env_names?: readonly string[];
  /** Which environment the wait belongs to: a keyed hash of the declared credential variables. */
  readonly env_id?: string;
  /** The process that watches. */
  readonly pid?: number;
  readonly pid_start?: string;
  readonly boot_id?: string;
  /** Grows with every owner; with `watcher_id` it is what a compare-and-swap compares. */
  readonly generation?: number;
  /** Version of the p9 that watches in the background. */
  readonly watcher_version?: string;
  /** The process watched. */
  readonly target_pid?: number;
  readonly target_start?: string;
  /** `foreground` or `background`. */
  readonly mode?: string;
  /** The watcher gave the wait back; whoever comes next may take it at once. */
  readonly released?: boolean;
  /** The ceiling that was in force at registration. */
  readonly ceiling_max?: number;
  readonly ceiling_scope?: string;
  /** Target whose earlier durations this wait is compared with. */
  readonly history?: string;
  /** One line about the target, from outside. */
  readonly title?: string;
  /** The push that started the wait (ms since the epoch). */
  readonly pushed?: number;
  /** The target has not appeared yet: a push without a pull request. */
  readonly unbound?: boolean;
  /** What whoever waited does next, where the look says it; see `LookResult` in contract/wait-kind.ts. */
  readonly next?: string;
  /** When the newest thing happened that was told; see `LookResult.newsAt` in contract/wait-kind.ts. */
  readonly news_at?: number;
  /** What was told in this and earlier cycles. */
  readonly told?: Told;
  /** The verdict stands and the wait is kept an eye on. */
  readonly slow?: boolean;
  /** Path of the log of the command watched. */
  readonly log?: string;
  /** The identity that the kind pinned; see `Pin` in plugin.ts. */
  readonly pin?: Json;
  /** Options of the kind, as given. */
  readonly options?: JsonObject;
  /** What the kind says of its waits; see `WaitTraits` in traits.ts. */
  readonly traits?: Json;
  /** The failure's classification, evidence lines and signature, for red ends. */
  readonly classification?: Json;
  readonly evidence?: Json;
}

/** Keys of `extra` that every later row of the same wait keeps unless it says otherwise. */
export const STICKY = [
  "key",
  "prev_shas",
  "cwd",
  "argv",
  "asked",
  "deadline",
  "deadline_by_hand",
  "active_used",
  "interval",
  "env_names",
  "env_id",
  "pid",
  "pid_start",
  "boot_id",
  "generation",
  "target_pid",
  "target_start",
  "mode",
  "log",
  "pin",
  "options",
  "traits",
  "unbound",
  "title",
  "history",
  "pushed",
  "told",
  "ceiling_max",
  "ceiling_scope",
] as const;

interface OfWait {
  readonly ts: string;
  readonly wait_id: string;
}

/** Another process watches from now on, or nobody does (`pid` 0: the watcher gave its wait back). The state is unchanged. */
export interface LeaseEvent extends OfWait {
  readonly type: "wait.lease";
  readonly watcher_id: string;
  readonly pid: number;
  readonly pid_start: string;
  readonly boot_id: string;
  readonly generation: number;
  /** Version of the p9 that watches. */
  readonly watcher_version?: string;
  /** `started`, `re-armed`, `adopted`, `released`, `signal:TERM`. */
  readonly cause: string;
  readonly env_id?: string;
  readonly active_used?: number;
  /** Whether the wait is still kept an eye on after its verdict. */
  readonly slow?: boolean;
}

/** A session asked to watch what is watched already: it hears the ending too. */
export interface SubscribedEvent extends OfWait {
  readonly type: "wait.subscribed";
  readonly session_id: string;
}

/** What the wait is pinned to changed or became known: a moved head, a pull request that appeared, a task id. */
export interface PinnedEvent extends OfWait {
  readonly type: "wait.pinned";
  readonly ref: string;
  readonly pr: number | null;
  readonly repo: string | null;
  readonly sha: string | null;
  readonly prev_shas: readonly string[];
  readonly key: string;
  readonly pin: Json;
  /** True while the target has not appeared (a push without a pull request). */
  readonly unbound?: boolean;
  readonly target_pid?: number;
  readonly target_start?: string;
  readonly log?: string;
  readonly reason: string;
}

/** Why the wait cannot be looked at now (`needs`), or null when it can again. */
export interface NeedsEvent extends OfWait {
  readonly type: "wait.needs";
  readonly needs: string | null;
}

/** Somebody has seen how the wait ended: it leaves `status` until it is watched again or ends anew. */
export interface DismissedEvent extends OfWait {
  readonly type: "wait.dismissed";
}

/** A value that p9 does not know was seen; it counts as running. Once per wait and value. */
export interface UnknownValueEvent extends OfWait {
  readonly type: "wait.unknown_value";
  readonly value: string;
}

/** Something worth a line in the history that changes nothing: lag seen, settled again, stuck. */
export interface NoteEvent extends OfWait {
  readonly type: "wait.note";
  readonly note: string;
  readonly data?: Json;
}

/** No real progress for longer than history or the threshold allows; one per stall. */
export interface StuckEvent extends OfWait {
  readonly type: "wait.stuck";
  readonly reason: string;
  readonly stalled_s: number;
  /** Time stamp of the last real progress: names the stall, so that it is told once. */
  readonly since?: string;
  /** What stalls, for notices. */
  readonly kind?: string;
  readonly ref?: string;
  readonly repo?: string | null;
  readonly traits?: Json;
  readonly cwd?: string;
}

/** The client cleared, resumed or forked a session: what `linked_to` has is visible to `session_id` too. */
export interface SessionLinkEvent {
  readonly type: "session.link";
  readonly ts: string;
  readonly session_id: string;
  readonly linked_to: string;
  readonly source: string;
}

/** A subscriber of the bus threw; the commit stands. */
export interface SubscriberFailedEvent {
  readonly type: "subscriber.failed";
  readonly ts: string;
  readonly subscriber: string;
  readonly event: string;
  readonly error: string;
}

/** A home of the Python p9 was taken over. */
export interface ImportedEvent {
  readonly type: "home.imported";
  readonly ts: string;
  readonly from: string;
  readonly counts: JsonObject;
}

/** Anything else that is worth a line: `plugin.failed`, `heal.*`, `escalation.*`, `trust.*`, `github.*`. Dotted name, flat data. */
export interface OtherEvent extends JsonObject {
  readonly type: `${"plugin" | "heal" | "escalation" | "trust" | "github" | "driver" | "queue" | "push"}.${string}`;
  readonly ts: string;
  readonly wait_id?: string;
}

/** Every event that the log can hold. */
export type P9Event =
  | Transition
  | LeaseEvent
  | SubscribedEvent
  | PinnedEvent
  | NeedsEvent
  | DismissedEvent
  | UnknownValueEvent
  | NoteEvent
  | StuckEvent
  | SessionLinkEvent
  | SubscriberFailedEvent
  | ImportedEvent
  | OtherEvent;

/** The types of events that are not {@link OtherEvent}. */
const TYPES = {
  transition: true,
  "wait.lease": true,
  "wait.subscribed": true,
  "wait.pinned": true,
  "wait.needs": true,
  "wait.dismissed": true,
  "wait.unknown_value": true,
  "wait.note": true,
  "wait.stuck": true,
  "session.link": true,
  "subscriber.failed": true,
  "home.imported": true,
} satisfies Readonly<Record<Exclude<P9Event, OtherEvent>["type"], true>>;

/** What the types of {@link OtherEvent} begin with. */
const FAMILIES = {
  plugin: true,
  heal: true,
  escalation: true,
  trust: true,
  github: true,
  driver: true,
  queue: true,
  push: true,
} satisfies Readonly<Record<OtherEvent["type"] extends `${infer F}.${string}` ? F : never, true>>;

/** Every type of event, families of types with a star. */
export const EVENT_TYPES: readonly string[] = [
  ...Object.keys(TYPES),
  ...Object.keys(FAMILIES).map((name) => `${name}.*`),
];

/** An event before it is written: the store adds the time. */
export type NewEvent = Draft<Exclude<P9Event, OtherEvent>> | (Partial<Pick<OtherEvent, "ts">> & NewOther);

type Draft<E> = E extends unknown ? Omit<E, "ts"> & { readonly ts?: string } : never;

type NewOther = JsonObject & { readonly type: OtherEvent["type"]; readonly wait_id?: string };
