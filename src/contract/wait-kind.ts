import type { JsonObject } from "../base/json.ts";
import { OUTCOMES, type Outcome } from "../core/states.ts";
import type { WaitTraits } from "../core/traits.ts";
import type { PluginContext, RunsContext, TrustSubject } from "./context.ts";
import type { OptionSpecs, Options } from "./options.ts";

/** A request to watch something. */
export interface WaitRequest {
  /** Reference as typed; null: the target that the current branch, directory or push implies. */
  readonly ref: string | null;
  /** The command after `--`. */
  readonly argv: readonly string[];
  readonly options: Options;
  /** Push that made the request. */
  readonly pushed?: {
    readonly sha: string;
    readonly branch: string;
    readonly at: number;
    /** Full name of the repository that was pushed to, perhaps a fork. */
    readonly repo?: string | null;
    /** Repository that `gh repo set-default` chose there, when it chose one. */
    readonly base?: string | null;
  };
  /**
   * False in hooks: pin what can be known without the network and set `complete: false`; the engine pins again. Kinds of third
   * parties are only called with true, because hooks run no third-party code.
   */
  readonly network: boolean;
}

/** The target that a wait is bound to. Every verdict is about this target only. */
export interface Pin {
  /** Name for people: `#42`, `npm test`, `web@3f2a91c`. */
  readonly ref: string;
  /** Key of the target, unique within the kind: equal for two requests of the same target. p9 watches each key once. */
  readonly key: string;
  readonly repo?: string | null;
  readonly pr?: number | null;
  /** Full sha, when the wait is about a commit. */
  readonly sha?: string | null;
  readonly prev_shas?: readonly string[];
  /** One line about the target for people: a pull request's title, a command line. Text from outside. */
  readonly title?: string;
  /** Data for `look`: JSON, at most 16 KiB, no secret (p9 keeps it in its log). */
  readonly identity: JsonObject;
  /** False: the network is needed (or the target must appear) before `look` can work; `pin` is called again with this pin. */
  readonly complete: boolean;
  /** How the target was found and which one was chosen, for the history. */
  readonly note?: string;
  /** Names of credential variables that this wait needs beside those of its kind. */
  readonly env?: readonly string[];
  /** Name of the group of earlier waits whose durations give ETA and deadline. Default: the kind and the repository, else the key. */
  readonly history?: string;
  /** Other keys of the same target, such as the branch of a pull request. */
  readonly aliases?: readonly string[];
  /** Watched process, when there is one. */
  readonly process?: { readonly pid: number; readonly start: string };
  /** Path of the log that the target writes. */
  readonly log?: string;
  /** For a pin that is not complete: the seconds within which the target must appear, and the outcome when it does not. */
  readonly appear?: { readonly withinS: number; readonly outcome: Outcome; readonly reason: string };
}

/** Progress of a wait. */
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

/** Graces that the engine times from the moment a condition was first seen (or `since`). The policy sets their seconds. */
export type Grace = "appear" | "appear_with_workflows" | "required" | "runner" | "start";

/** Result of one look. */
export interface LookResult {
  /**
   * `waiting`: the target has not started. `running`: it has. An outcome: a terminal fact about the pinned identity.
   * Report a value that the kind does not know as `running`, and name it in `unknown`.
   */
  readonly status: "waiting" | "running" | Outcome;
  /** A sentence for people that names what was seen. */
  readonly reason: string;
  readonly progress?: Progress | null;
  /** Seconds to the end that the provider expects. */
  readonly etaS?: number | null;
  /** New pin, when the identity moved or became known; the wait follows it. Give the reason in `note`. */
  readonly pin?: Pin;
  /** Whether the pin is another target than before (a new head): the wait starts to settle anew. */
  readonly moved?: boolean;
  /** Values that the kind does not know. p9 reports each once. */
  readonly unknown?: readonly string[];
  /** Items that were seen (checks, deployments), for `status`, `why` and the report. */
  readonly items?: readonly LookItem[];
  readonly evidence?: readonly Evidence[];
  /** Path of a log with details. */
  readonly log?: string;
  /** Conditions for believing the outcome. Default: at once. */
  readonly settle?: Settle;
  /** A condition that ends the wait with `outcome` when it has held for the named grace, since it was first seen or since `since` (ms). */
  readonly grace?: {
    readonly name: Grace;
    readonly outcome: Outcome | "ignore";
    readonly reason: string;
    readonly since?: number;
  };
  /** Seconds before which another look is useless. */
  readonly notBeforeS?: number;
  /** When the target itself started and ended (ms since the epoch), if the provider says so: for ETA and latency. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** A line for the history (lag, a choice), written once per distinct text. */
  readonly note?: string;
  /** What the failure is, where the target itself says it: no log is classified then. */
  readonly failure?: Failure;
  /**
   * When the newest thing happened that it tells of (ms, by whatever clock, always the same). For kinds with a slow phase: something newer
   * than was told, or an outcome that was not told of this commit since, starts a new cycle then, whose end is told again; nothing else does.
   * A moment more than a day ahead counts as 0.
   */
  readonly newsAt?: number;
  /**
   * Other waits that begin with what a slow look saw. p9 watches each in the background for the same session, unless it does already, or one
   * of that kind has ended that knew of it: of the same `newsAt` or a later one, without it of the same commit.
   */
  readonly starts?: readonly { readonly kind: string; readonly ref: string; readonly newsAt?: number }[];
  /** What whoever waited does next, where the outcome alone does not say it: one command or sentence, without text from outside. */
  readonly next?: string;
  /** Small additions to the record of the ending (head sha, run ids). */
  readonly extra?: JsonObject;
}

/** A failure that a target names itself. */
export interface Failure {
  /** One of p9's types of failure: `review`. */
  readonly type: string;
  /** One sentence, without text from outside. */
  readonly rationale: string;
  /** How many things failed. Default: the lines of evidence. */
  readonly count?: number;
}

/** When an outcome may be believed. */
export interface Settle {
  /** Number of looks in a row that must agree on outcome and items (default 2), `confirmS` seconds apart (default 1). */
  readonly looks?: number;
  readonly confirmS?: number;
  /** Earliest moment (ms since the epoch). */
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
  /** Path of a file that this wait may log to. */
  readonly logFile: string;
  readonly pin: Pin;
  readonly options: Options;
  /** Number of this cycle's look, from 0. */
  readonly look: number;
  /** Milliseconds since the epoch when this cycle began (the push, the registration). */
  readonly since: number;
  /** Whether the verdict stands and the wait is only looked at slowly ({@link WaitKind.slowAfterVerdict}). */
  readonly slow: boolean;
  /** What the last {@link LookContext.remember} kept; `{}` at first. It usually survives restarts; a kind must not depend on it. */
  readonly memory: JsonObject;
  /** Replaces the memory; JSON, at most 64 KiB. */
  remember(memory: JsonObject): void;
}

/** A target that a wait kind can watch at any time. */
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
  /** `shared`: only calls APIs, so one driver serves many waits. `own`: runs the user's commands or third-party code. Default `shared`. */
  readonly process?: "shared" | "own";
  /** Whether `--repo` means anything to it. Default true. */
  readonly takesRepo?: boolean;
  /** Names of the variables with credentials; p9 never writes their values to disk. */
  readonly env?: readonly string[];
  /** Default deadline in seconds; policy `ci_watch.deadline.<kind>` overrides. Default 3,600. */
  readonly deadlineS?: number;
  /** Seconds between looks: first and longest pause. Default 5 and 60. */
  readonly interval?: { readonly firstS: number; readonly maxS: number };
  /** Seconds that one look may take before it counts as an observation error. Default 60. */
  readonly lookTimeoutS?: number;
  /** References that always work, for `p9 plugin test` and the help; preferably free and without an account. */
  readonly examples?: readonly WaitExample[];
  /** How p9 names, counts and explains waits of this kind. */
  readonly traits?: WaitTraits;
  /** Whether p9 goes on looking slowly after the verdict, until the pull request is merged or closed. */
  readonly slowAfterVerdict?: boolean;
  /** Binds a request to an identity. @throws {RefError} when the reference means nothing; {@link ObservationError} when it cannot be known now. */
  pin(request: WaitRequest, context: PluginContext & { readonly previous?: Pin }): Promise<Pin>;
  /**
   * Starts the target (`build -- cmd`), in the watching process, after the wait is registered. Called again whenever another
   * process takes the watch over, so it must not start a started target twice.
   */
  begin?(pin: Pin, context: LookContext): Promise<Pin>;
  /** Looks once. Quick, no sleep, no retry. */
  look(context: LookContext): Promise<LookResult>;
  /**
   * Resolves when p9 should look sooner than planned, or when `context.signal` is aborted. Only used when `ci_watch.observer` is
   * `gh`.
   */
  observe?(context: LookContext): Promise<void>;
  /** Ends what `begin` started (after a deadline given by hand, or Ctrl-C of a foreground watch). */
  end?(pin: Pin, context: PluginContext): Promise<void>;
  /** Lists names to offer for `<ref>` in completions. */
  complete?(context: PluginContext): Promise<readonly string[]>;
  /** Lists what this kind would run or send a credential to because the repository names it: the subjects it passes to `trusted`. */
  runs?(context: RunsContext): Promise<readonly TrustSubject[]>;
}

/** Whether a look's status ends the wait. */
export function isOutcome(status: string): status is Outcome {
  return Object.hasOwn(OUTCOMES, status);
}
