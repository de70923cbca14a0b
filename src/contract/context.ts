import type { Clock } from "../base/clock.ts";
import type { Exec } from "../base/exec-types.ts";
import type { JsonObject } from "../base/json.ts";
import type { GitHub } from "../github/client.ts";

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

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
  /** Where redirects led to, when any were followed: origin and path. */
  readonly url?: string;
}

/** Something that a repository names and that p9 would run, or send something to. */
export interface TrustSubject {
  /** What it is: `ci_watch.providers.acme`, `plugin ./x.ts`. Unique in the repository. */
  readonly subject: string;
  /** All that decides what would happen: an entry of the policy, a command and the text of the script it names. A change asks again. */
  readonly content: string;
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
   * Whether something that a repository names may be acted on (a URL that gets a credential, a command, a script): true for what
   * the user's own configuration says, and for what `p9 trust` showed as `content` and was given. It shows what the part's `runs`
   * gives, so ask for the same subject and content here.
   */
  trusted(subject: string, content: string): Promise<boolean>;
  /** A folder of the plugin's own, made when first asked for; nothing else is to be written to. */
  dataDir(): string;
  /** Aborted when nobody wants the answer any more. (A third party's process is ended then.) */
  readonly signal: AbortSignal;
}

/** What `runs` of a part gets. GitHub is not asked there, and what the user's own configuration says need not be left out. */
export interface RunsContext extends PluginContext {
  /** Root of the repository. */
  readonly root: string;
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
  /**
   * Default: follow. `same-origin` follows within the origin alone and gives any other redirect itself, `manual` gives each.
   * {@link FetchInit.headers} are never sent to another origin.
   */
  readonly redirect?: "follow" | "same-origin" | "manual";
}
