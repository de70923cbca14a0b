import type { Clock } from "../base/clock.ts";
import type { Exec } from "../base/exec-types.ts";
import type { JsonObject } from "../base/json.ts";
import type { GitHub } from "../github/client.ts";

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Writes lines to the log of the wait or the driver, never to stdout. */
export interface Logger {
  info(text: string): void;
  warn(text: string): void;
}

/** Answer of {@link PluginContext.fetch}, with its body. */
export interface FetchAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Origin and path after redirects, when any were followed. */
  readonly url?: string;
}

/** Something that a repository names and that p9 would run or send data to. */
export interface TrustSubject {
  /** Name, unique in the repository: `ci_watch.providers.acme`, `plugin ./x.ts`. */
  readonly subject: string;
  /** Everything that decides what would happen, as written: an entry of the policy, a command. The user is asked again when it changes. */
  readonly content: string;
  /**
   * The command line that would run, when it may run something of the repository. p9 shows the scripts that it stands for with the
   * content, and asks again when anything of the repository that can run has changed.
   */
  readonly command?: string;
  /** Whether the command runs in a commit of the repository instead of the working tree. */
  readonly fromHead?: boolean;
}

/** What every function of a plugin gets. */
export interface PluginContext {
  readonly log: Logger;
  readonly clock: Clock;
  /**
   * Runs a program to its end: no shell, a process group of its own, a time limit (default 60 s). It never rejects: see
   * {@link ExecResult}. Default directory: {@link PluginContext.cwd}; default environment: {@link PluginContext.env}. The program is
   * found outside of the repository; `sh -c` finds what is installed in it, too.
   */
  readonly exec: Exec;
  /**
   * HTTP with a time limit (default 20 s) and a size limit (default 8 MiB). Rejects with {@link ObservationError} when no
   * answer came (DNS, TLS, refused, too slow, too large); any status is an answer.
   */
  fetch(url: string, init?: FetchInit): Promise<FetchAnswer>;
  readonly processes: Processes;
  /**
   * The environment that the wait was registered in. A third party's plugin gets no variable that is named like a secret, unless
   * the called part declares it in its `env`.
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
   * Whether p9 may act on something that a repository names (a URL that gets a credential, a command, a script): true when the
   * user's own configuration names it, or the user accepted this `content` in `p9 trust`. `p9 trust` shows what the part's `runs`
   * returns, so pass the same subject, content and command here ({@link TrustSubject}).
   */
  trusted(subject: string, content: string, command?: string): Promise<boolean>;
  /**
   * The log providers that the configured plugins give, each in the form of `LogProvider`: data, of which nothing runs. What is built in
   * or stands in {@link PluginContext.config} is not among them.
   */
  logProviders(): Promise<readonly { readonly name: string }[]>;
  /** The reviewers that the configured plugins give, each in the form of `Reviewer`: data, as {@link PluginContext.logProviders}. */
  reviewers(): Promise<readonly { readonly name: string }[]>;
  /** Path of the plugin's own folder, made on the first call. A plugin writes nowhere else. */
  dataDir(): string;
  /** Aborted when the answer is no longer needed; a third party's process is ended then. */
  readonly signal: AbortSignal;
}

/** What `runs` of a part gets. It must not ask GitHub, and may include what the user's own configuration names. */
export interface RunsContext extends PluginContext {
  /** Root of the repository. */
  readonly root: string;
}

/** Processes that outlive a look: those that a kind starts in `begin`, and others that it watches. */
export interface Processes {
  /** Id of this machine's boot; a pid is valid only within one boot. */
  bootId(): string;
  /** Whether a process runs, is a zombie (with its exit code where the system shows it), or is gone. */
  inspect(pid: number): {
    readonly state: "running" | "zombie" | "gone";
    readonly start: string;
    readonly exitCode?: number | null;
  };
  /** Starts a program in a session of its own, without a shell, with its output in `log`. Resolves with its pid. */
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
   * Default: follow. `same-origin` follows only within the origin and returns any other redirect as the answer; `manual` returns
   * every redirect. With a header, a body or a method other than GET, `follow` is `same-origin`; none follows from https to http.
   */
  readonly redirect?: "follow" | "same-origin" | "manual";
  /**
   * For an address that a repository names. When given, nothing is reached that is not on the public internet (this machine, a private
   * network), by whatever name or redirect, but these hosts.
   */
  readonly privateHosts?: readonly string[];
}
