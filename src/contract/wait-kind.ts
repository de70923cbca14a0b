import type { JsonObject } from "../base/json.ts";
import { OUTCOMES, type Outcome } from "../core/states.ts";
import type { WaitTraits } from "../core/traits.ts";
import type { PluginContext, RunsContext, TrustSubject } from "./context.ts";
import type { OptionSpecs, Options } from "./options.ts";

/** What somebody asked to watch. */
export interface WaitRequest {
  /** As typed; null: what the current branch, directory or push implies. */
  readonly ref: string | null;
  /** The command after `--`. */
  readonly argv: readonly string[];
  readonly options: Options;
  /** The commit that was just pushed, when a push made the request. */
  readonly pushed?: {
    readonly sha: string;
    readonly branch: string;
    readonly at: number;
    /** Full name of the repository that it was pushed to: a fork, perhaps. */
    readonly repo?: string | null;
    /** The repository whose pull requests gh works on there, when `gh repo set-default` chose one. */
    readonly base?: string | null;
  };
  /**
   * False in hooks: pin what can be known without the network and say `complete: false`; the engine pins again. Third parties
   * are only asked with true: hooks run no foreign code.
   */
  readonly network: boolean;
}

/** What a wait is bound to: every verdict is about this and nothing else. */
export interface Pin {
  /** What people call it: `#42`, `npm test`, `web@3f2a91c`. */
  readonly ref: string;
  /** Equal for two requests of the same target, different otherwise; unique within the kind. A target is watched once. */
  readonly key: string;
  readonly repo?: string | null;
  readonly pr?: number | null;
  /** Full sha, when the wait is about a commit. */
  readonly sha?: string | null;
  readonly prev_shas?: readonly string[];
  /** One line about the target for people: a pull request's title, a command line. Text from outside. */
  readonly title?: string;
  /** Whatever `look` needs: JSON, at most 16 KiB, no secret (it is kept in the log). */
  readonly identity: JsonObject;
  /** False: the network is needed (or the target must appear) before `look` can work; `pin` is called again with this pin. */
  readonly complete: boolean;
  /** How it was found and what was taken, when that is worth a line. */
  readonly note?: string;
  /** Names of credential variables that this very wait needs beside those of its kind. */
  readonly env?: readonly string[];
  /** Which earlier waits lasted as long as this one may: for ETA and deadline. Default: the kind and the repository, else the key. */
  readonly history?: string;
  /** Other keys of the same target: a pull request is also "the branch of that repository". */
  readonly aliases?: readonly string[];
  /** The process watched, when there is one. */
  readonly process?: { readonly pid: number; readonly start: string };
  /** Path of the log that the thing watched writes. */
  readonly log?: string;
  /** For a pin that is not complete: when the target must have appeared, and what it means when it has not. */
  readonly appear?: { readonly withinS: number; readonly outcome: Outcome; readonly reason: string };
}

/** How far a wait is. */
export interface Progress {
  readonly done: number | null;
  readonly total: number | null;
  /** 0 to 100. */
  readonly percent: number | null;
  readonly phase: string | null;
}

/** A line that shows why something failed. */
export interface Evidence {
  readonly job?: string;
  readonly step?: string;
  readonly file?: string;
  readonly line?: number;
  readonly text: string;
  readonly url?: string;
}

/** Graces that the engine times, each from the moment the condition was first seen (or `since`). Seconds are policy. */
export type Grace = "appear" | "appear_with_workflows" | "required" | "runner" | "start";

/** What one look saw. */
export interface LookResult {
  /**
   * `waiting`: nothing runs yet. `running`: it does. An outcome: a terminal fact about the pinned identity.
   * A value that the kind does not know is `running`, named in `unknown`.
   */
  readonly status: "waiting" | "running" | Outcome;
  /** A sentence for people: what was seen, by name. */
  readonly reason: string;
  readonly progress?: Progress | null;
  /** Seconds that the provider itself expects. */
  readonly etaS?: number | null;
  /** The identity moved or became known; the wait follows it. `reason` of the move in `note`. */
  readonly pin?: Pin;
  /** The pinned identity was replaced by another (a new head): the wait starts to settle anew. */
  readonly moved?: boolean;
  /** Values that the kind has never heard of, each reported once. */
  readonly unknown?: readonly string[];
  /** What was seen, item by item (checks, deployments): shown by `status`, `why` and the report. */
  readonly items?: readonly LookItem[];
  readonly evidence?: readonly Evidence[];
  /** Path of a log that tells more. */
  readonly log?: string;
  /** How sure the outcome is. Default: at once. */
  readonly settle?: Settle;
  /** A condition that ends the wait with `outcome` when it has held for the named grace. */
  readonly grace?: {
    readonly name: Grace;
    readonly outcome: Outcome | "ignore";
    readonly reason: string;
    readonly since?: number;
  };
  /** Looking sooner than in so many seconds is of no use. */
  readonly notBeforeS?: number;
  /** When the thing waited for itself started and ended (ms since the epoch), when the provider says so: for ETA and latency. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Worth a line in the history: lag, what was taken. Once per distinct text. */
  readonly note?: string;
  /** More for the record of the ending (head sha, run ids); small. */
  readonly extra?: JsonObject;
}

/** When an outcome may be believed. */
export interface Settle {
  /** So many looks in a row must agree on outcome and items (default 2), `confirmS` apart (default 1). */
  readonly looks?: number;
  readonly confirmS?: number;
  /** Not before this moment (ms since the epoch). */
  readonly notBefore?: number;
}

/** One thing inside a wait: a check, a deployment, a phase. */
export interface LookItem {
  readonly name: string;
  readonly state:
    | "queued"
    | "running"
    | "succeeded"
    | "failed"
    | "cancelled"
    | "skipped"
    | "blocked"
    | "neutral"
    | "unknown";
  readonly required?: boolean | null;
  readonly url?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly detail?: string;
}

/** What `look` gets. */
export interface LookContext extends PluginContext {
  readonly waitId: string;
  /** A file that this wait may log to. */
  readonly logFile: string;
  readonly pin: Pin;
  readonly options: Options;
  /** Number of this cycle's look, from 0. */
  readonly look: number;
  /** Milliseconds since the epoch when this cycle began (the push, the registration). */
  readonly since: number;
  /** The verdict stands and the wait is only kept an eye on (contract: a pull request after its verdict). */
  readonly slow: boolean;
  /** What this wait's kind remembered with {@link LookContext.remember}; `{}` at first. Survives restarts, not guaranteed. */
  readonly memory: JsonObject;
  /** Replaces the memory; JSON, at most 64 KiB. */
  remember(memory: JsonObject): void;
}

/** Something that a wait kind can be asked to watch at any time. */
export interface WaitExample {
  readonly ref: string | null;
  readonly argv?: readonly string[];
  readonly options?: JsonObject;
}

/** A kind of wait. */
export interface WaitKind {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  readonly options?: OptionSpecs;
  /** `shared`: only looks at APIs, so one driver serves many. `own`: runs the user's commands or foreign code. Default `shared`. */
  readonly process?: "shared" | "own";
  /** Names of the variables that carry credentials; their values never touch the disk. */
  readonly env?: readonly string[];
  /** Default deadline in seconds; policy `ci_watch.deadline.<kind>` overrides. Default 3,600. */
  readonly deadlineS?: number;
  /** Seconds between looks at first and at most. Default 5 and 60. */
  readonly interval?: { readonly firstS: number; readonly maxS: number };
  /** Seconds that one look may take before it counts as an observation error. Default 60. */
  readonly lookTimeoutS?: number;
  /** References that always work, for `p9 plugin test` and the help; best one that costs nothing and needs no account. */
  readonly examples?: readonly WaitExample[];
  /** What p9 goes by when it names, counts and explains waits of this kind. */
  readonly traits?: WaitTraits;
  /** After its verdict the wait is looked at slowly until it is merged or closed. */
  readonly slowAfterVerdict?: boolean;
  /** Binds a request to an identity. @throws {RefError} when the reference means nothing; {@link ObservationError} when it cannot be known now. */
  pin(request: WaitRequest, context: PluginContext & { readonly previous?: Pin }): Promise<Pin>;
  /**
   * Starts what is to be watched (`build -- cmd`), after the wait is registered, by the process that watches. Called again
   * whenever another process takes the watch over: what was started already is not started twice.
   */
  begin?(pin: Pin, context: LookContext): Promise<Pin>;
  /** Looks once. Quick, no sleep, no retry. */
  look(context: LookContext): Promise<LookResult>;
  /**
   * Resolves when a look is worth while sooner than planned; ends when `context.signal` is aborted. Only a wake-up: used when
   * `ci_watch.observer` is `gh`.
   */
  observe?(context: LookContext): Promise<void>;
  /** Ends what `begin` started (a deadline given by hand, Ctrl-C of a foreground watch). */
  end?(pin: Pin, context: PluginContext): Promise<void>;
  /** Names to offer for `<ref>` in completions. */
  complete?(context: PluginContext): Promise<readonly string[]>;
  /** What this kind would run, or send a credential to, because the repository names it: what it asks `trusted` for. */
  runs?(context: RunsContext): Promise<readonly TrustSubject[]>;
}

/** Whether a look's status ends the wait. */
export function isOutcome(status: string): status is Outcome {
  return Object.hasOwn(OUTCOMES, status);
}
