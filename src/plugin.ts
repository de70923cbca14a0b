/**
 * THE PLUGIN CONTRACT, version 1. Everything in `plugins/` and every third party imports this file and nothing else of p9.
 *
 * A plugin gives wait kinds (how to pin a reference to an identity, and how to look at it once), queue sources (what an agent
 * could do meanwhile) and notifiers (how to tell somebody). It never sleeps, retries, decides a deadline or writes state: the
 * engine owns time, the store owns state.
 */
import type { Clock } from "./base/clock.ts";
import type { Exec } from "./base/exec-types.ts";
import type { Json, JsonObject } from "./base/json.ts";
import type { P9Event } from "./core/events.ts";
import { OUTCOMES, type Outcome } from "./core/states.ts";
import type { GitHub } from "./github/client.ts";

export type { Clock } from "./base/clock.ts";
export { formatDuration, parseDuration } from "./base/duration.ts";
export type { Exec, ExecOptions, ExecResult } from "./base/exec-types.ts";
export type { Json, JsonObject } from "./base/json.ts";
export { isObject } from "./base/json.ts";
export { oneLine, slug, stripControls } from "./base/text.ts";
export type { P9Event, Transition } from "./core/events.ts";
export { ObservationError } from "./core/observation.ts";
export { parseRepo, sameRepo } from "./core/repo.ts";
export type { Outcome, State } from "./core/states.ts";
export type { FieldProblem, PieceAnswer } from "./github/batch.ts";
export { type CheckState, checkRunState, hasPassed, isPending, statusContextState } from "./github/checks.ts";
export type { GitHub, RestOptions } from "./github/client.ts";
export { checksSelection, commitField, commitSelection, readChecks, readCommit } from "./github/commit-checks.ts";
export { GitHubError, type GitHubProblem } from "./github/errors.ts";
export type { BranchRules, Check, CommitChecks, PullRequest, RequiredCheck } from "./github/pull-request.ts";
export { at, isTrueAt, listAt, numberAt, textAt, timeAt } from "./github/read.ts";
export { findPullRequests, readPullRequest } from "./github/read-pull-request.ts";
export { readWorkflowRuns } from "./github/workflow-runs.ts";
export { completeRules, type Expected, expectedChecks, type KnownRules } from "./merge/expected-checks.ts";
export { checkKey, latestChecks } from "./merge/latest-checks.ts";
export { defineProvider } from "./providers/define.ts";
export { type Interpreter, interpret, type Located, type Watcher } from "./providers/interpret.ts";
export { givenValues, providerKind } from "./providers/kind.ts";
export type { TargetLook } from "./providers/look.ts";
export { firstText } from "./providers/pointer.ts";
export type { OnGitHub, Provider, ProviderStatus } from "./providers/provider.ts";
export { tellingLines } from "./providers/telling-lines.ts";
export type { Values } from "./providers/template.ts";

/** Version of this contract. A plugin that names another major version is refused by name. */
export const API_VERSION = 1;

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

// ---- Errors a plugin throws ------------------------------------------------------------------------------------------

/** The reference means nothing to this kind (no such pull request, nonsense): exit 3, one line. */
export class RefError extends Error {
  override readonly name = "RefError";
}

/** What a repository asks for is not trusted: exit 7, one line that says what to run. */
export class TrustError extends Error {
  override readonly name = "TrustError";
}

/** A queue source cannot be asked (no key, file unreadable, program missing): shown with its reason, never as "empty". */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

// ---- What every plugin gets ------------------------------------------------------------------------------------------

/** Lines for the wait's or driver's log; they never reach stdout. */
export interface Logger {
  info(text: string): void;
  warn(text: string): void;
}

/** Answer of {@link PluginContext.fetch}: the body is read already. */
export interface FetchAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a plugin needs, and no more. */
export interface PluginContext {
  readonly log: Logger;
  readonly clock: Clock;
  /**
   * Runs a program to its end: no shell, a process group of its own, a time limit (default 60 s). It never rejects: see
   * {@link ExecResult}. Default directory: {@link PluginContext.cwd}; default environment: {@link PluginContext.env}.
   */
  readonly exec: Exec;
  /**
   * HTTP with a time limit (default 20 s) and a size limit (default 8 MiB). Rejects with {@link ObservationError} when no
   * answer came (DNS, TLS, refused, too slow, too large); any status is an answer.
   */
  fetch(url: string, init?: FetchInit): Promise<FetchAnswer>;
  readonly processes: Processes;
  /**
   * The environment that the wait was registered in. A third party sees no variable that is named like a secret, unless the
   * part that is asked declares it in its `env`.
   */
  readonly env: Env;
  /** Directory that the wait was registered in, or that the command was given in. */
  readonly cwd: string;
  readonly session: string | null;
  /** `owner/name` or null. */
  readonly repo: string | null;
  /** GitHub through the user's `gh`. */
  readonly github: GitHub;
  /** The `ci_watch` block of the policy and the user's own configuration, merged; `{}` when there is none. */
  readonly config: JsonObject;
  /**
   * Whether a piece of {@link PluginContext.config} may be acted on (a URL that gets a credential, a command): true for what the
   * user's own configuration says, and for what a repository's policy says after `p9 trust` showed `content`.
   */
  trusted(subject: string, content: string): Promise<boolean>;
  /** A folder of the plugin's own, made when first asked for; nothing else is to be written to. */
  dataDir(): string;
  /** Aborted when nobody wants the answer any more. (A third party's process is ended then.) */
  readonly signal: AbortSignal;
}

/** Processes that outlive a look: what a kind starts in `begin`, or watches from outside. */
export interface Processes {
  /** The boot of this machine: a pid means nothing in another one. */
  bootId(): string;
  /** Whether a process runs, is a zombie (with its exit code where the system shows it), or is gone. */
  inspect(pid: number): {
    readonly state: "running" | "zombie" | "gone";
    readonly start: string;
    readonly exitCode?: number | null;
  };
  /** Starts a program in a session of its own, without a shell; its output goes to `log`. Resolves with its pid. */
  detach(
    argv: readonly string[],
    options?: { readonly cwd?: string; readonly env?: Env; readonly log?: string },
  ): Promise<number>;
  /** Ends the process group of `pid`: TERM, then KILL. */
  endGroup(pid: number): Promise<void>;
}

/** Request of {@link PluginContext.fetch}. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Default: follow. `manual` gives the redirect itself. */
  readonly redirect?: "follow" | "manual";
}

// ---- Options ---------------------------------------------------------------------------------------------------------

/** One option of a kind or source: it makes the flag `--<name>` with its help, and is checked before the plugin sees it. */
export interface OptionSpec {
  readonly type: "string" | "number" | "boolean" | "duration" | "strings";
  readonly description: string;
  readonly required?: boolean;
  readonly default?: Json;
  readonly choices?: readonly string[];
  /** Placeholder in the help: `--exit-file <path>`. */
  readonly value?: string;
}

/** Options by name, kebab-case as on the command line. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Options as a plugin gets them: checked, defaults filled in, durations in seconds. */
export type Options = Readonly<Record<string, Json | undefined>>;

// ---- Wait kinds ------------------------------------------------------------------------------------------------------

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
}

// ---- Queue sources ---------------------------------------------------------------------------------------------------

/** In the order in which sources are asked. Third-party sources come after `linear`. */
export const SOURCE_ORDER = ["session", "memory", "graph", "docs", "linear"] as const;

/** Where a piece of work may be done while a pull request is in flight. */
export type IsolationTier = "none" | "worktree" | "stacked_branch" | "blocked";

/** A piece of work that a source offers. */
export interface FoundItem {
  /** What to do, in one or two sentences. Text from outside. */
  readonly item: string;
  /** Stable name of this piece of work within the source: what was done is not offered again under the same key. */
  readonly key: string;
  /** Paths, relative to the repository's root. */
  readonly files?: readonly string[];
  /** How long it may take. */
  readonly minutes?: number;
  readonly tier?: IsolationTier;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number;
  /** Why it is offered, in a few words. */
  readonly why?: string;
}

/** The pull request in flight, as far as it is known. */
export interface PullRequestInFlight {
  readonly repo: string;
  readonly number: number;
  readonly branch: string | null;
  readonly title: string | null;
  readonly body: string | null;
  readonly sha: string | null;
}

/** What `discover` gets. */
export interface DiscoverContext extends PluginContext {
  readonly options: Options;
  /** Root of the repository that the command was given in, or null. */
  readonly root: string | null;
  /** The session and all that it inherits from. */
  readonly sessions: readonly string[];
  /** The pull request that this session waits for, or null. */
  readonly pr: PullRequestInFlight | null;
  /** Files that the pull request (or the branch) changed, relative to the root. */
  changedFiles(): Promise<readonly string[]>;
  /** Unified diff of the pull request (or the branch against its base), at most 1 MiB. */
  diff(): Promise<string>;
  /** Seconds until the wait is expected to end, or null. */
  readonly etaS: number | null;
  /** At most so many items are of use. */
  readonly limit: number;
}

/** Where work comes from. */
export interface QueueSource {
  readonly name: string;
  readonly summary: string;
  readonly options?: OptionSpecs;
  readonly env?: readonly string[];
  /** Seconds that `discover` may take. Default 5. */
  readonly timeoutS?: number;
  /** Items, best first. @throws {UnavailableError} with the reason when the source cannot be asked. */
  discover(context: DiscoverContext): Promise<readonly FoundItem[]>;
}

// ---- Notifiers -------------------------------------------------------------------------------------------------------

/** What is told. */
export interface Notice {
  /** Stable: a repeated delivery carries the same id. */
  readonly id: string;
  /** `termination:green`, `termination:escalated`, `stuck`, `escalation`, `test` … */
  readonly kind: string;
  /** UTF-8, one line. */
  readonly title: string;
  /** Redacted text. */
  readonly body: string;
  readonly severity: "info" | "warning" | "error";
  readonly url?: string;
  readonly event?: P9Event;
  readonly payload?: JsonObject;
}

/** What `deliver` gets. */
export interface DeliverContext extends PluginContext {
  readonly options: Options;
}

/** How somebody is told. */
export interface Notifier {
  readonly name: string;
  readonly summary: string;
  readonly options?: OptionSpecs;
  readonly env?: readonly string[];
  /** Seconds that one delivery may take. Default 10. */
  readonly timeoutS?: number;
  /** Rejects when it was not delivered; with {@link ObservationError} when another try may work. */
  deliver(notice: Notice, context: DeliverContext): Promise<void>;
}

// ---- Definitions -----------------------------------------------------------------------------------------------------

/** What a plugin module default-exports. */
export interface Plugin {
  readonly name: string;
  /** Major version of this contract that it was written for. Default: the current one. */
  readonly api?: number;
  readonly version?: string;
  readonly waitKinds?: readonly WaitKind[];
  readonly queueSources?: readonly QueueSource[];
  readonly notifiers?: readonly Notifier[];
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * Checks and returns a wait kind.
 *
 * @throws {TypeError} naming what is wrong.
 */
export function defineWaitKind<K extends WaitKind>(kind: K): K {
  check("wait kind", kind, ["pin", "look"]);
  return kind;
}

/**
 * Checks and returns a queue source.
 *
 * @throws {TypeError} naming what is wrong.
 */
export function defineQueueSource<S extends QueueSource>(source: S): S {
  check("queue source", source, ["discover"]);
  return source;
}

/**
 * Checks and returns a notifier.
 *
 * @throws {TypeError} naming what is wrong.
 */
export function defineNotifier<N extends Notifier>(notifier: N): N {
  check("notifier", notifier, ["deliver"]);
  return notifier;
}

/**
 * Checks and returns a plugin: the default export of its module.
 *
 * @throws {TypeError} naming what is wrong.
 */
export function definePlugin<P extends Plugin>(plugin: P): P {
  const name: unknown = plugin?.name;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw new TypeError(`Cannot define plugin "${name}": wanted a kebab-case name`);
  }
  if (plugin.api !== undefined && plugin.api !== API_VERSION) {
    throw new TypeError(
      `Cannot use plugin "${plugin.name}": it is written for API ${plugin.api}, this p9 has API ${API_VERSION}`,
    );
  }
  for (const list of ["waitKinds", "queueSources", "notifiers"] as const) {
    if (!Array.isArray(plugin[list] ?? []))
      throw new TypeError(`Cannot define plugin "${name}": "${list}" is no array`);
  }
  for (const kind of plugin.waitKinds ?? []) defineWaitKind(kind);
  for (const source of plugin.queueSources ?? []) defineQueueSource(source);
  for (const notifier of plugin.notifiers ?? []) defineNotifier(notifier);
  return plugin;
}

function check(
  what: string,
  part: {
    readonly name: string;
    readonly summary: string;
    readonly options?: OptionSpecs;
  },
  methods: readonly string[],
): void {
  const name = String(part?.name);
  const refuse = (why: string): never => {
    throw new TypeError(`Cannot define ${what} "${name}": ${why}`);
  };
  if (typeof part?.name !== "string" || !NAME.test(name)) refuse("wanted a kebab-case name");
  if (typeof part.summary !== "string" || !part.summary) refuse("wanted a summary of one line");
  for (const method of methods)
    if (typeof Reflect.get(part, method) !== "function") refuse(`wanted a function "${method}"`);
  for (const [option, spec] of Object.entries(part.options ?? {})) {
    if (!NAME.test(option)) refuse(`option "${option}" is not kebab-case`);
    if (!["string", "number", "boolean", "duration", "strings"].includes(spec?.type))
      refuse(`option "${option}" has no known type`);
  }
}

/** Whether a look's status ends the wait. */
export function isOutcome(status: string): status is Outcome {
  return Object.hasOwn(OUTCOMES, status);
}
