/** How to run a program. */
export interface ExecOptions {
  readonly cwd?: string;
  /** The whole environment of the child; default: p9's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Text for its standard input; default: none (`/dev/null`). */
  readonly input?: string;
  /** After so many milliseconds the whole process group is ended (TERM, then KILL). Default 60,000. */
  readonly timeoutMs?: number;
  /** Bytes kept of each stream; the rest is read and thrown away. Default 16 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** How a program ended. It is never an exception: a program that does not exist is `notFound`. */
export interface ExecResult {
  /** Exit code, or null when a signal or the time limit ended it, or it could not be started. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly truncated: boolean;
  /** The program does not exist or may not be run. */
  readonly notFound: boolean;
}

/** The one way to run a program to its end; injected, so that a test can stand in for it. */
export type Exec = (argv: readonly string[], options?: ExecOptions) => Promise<ExecResult>;
