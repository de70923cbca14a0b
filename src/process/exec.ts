import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, openSync } from "node:fs";
import type { Exec, ExecOptions } from "../base/exec-types.ts";
import { stopAtLeaving } from "./leave.ts";
import { shellEnv, toolEnv } from "./tool-env.ts";

export type { Exec, ExecOptions, ExecResult } from "../base/exec-types.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const TERM_GRACE_MS = 2_000;

/** How long output may pause after the end of a program while another process holds its pipes open. */
const DRAIN_MS = 500;

/** The system's shell, whatever `PATH` says. */
export const SHELL = process.platform === "win32" ? "sh" : "/bin/sh";

/**
 * Runs `argv` without a shell, in a process group of its own, which is ended whole when the time is up. A program is taken
 * from outside of the repository around `cwd`; `sh` runs a command line, which may name what is installed there. It is over when the program
 * ends and what it wrote is read: a process that it left behind, and that holds its pipes, is not waited for.
 */
export const run: Exec = (argv, options = {}) =>
  new Promise((resolve) => {
    const [program = "", ...args] = argv;
    const env = options.env ?? process.env;
    const isCommandLine = program === "sh";
    const child = spawn(isCommandLine ? SHELL : program, args, {
      cwd: options.cwd,
      env: isCommandLine ? shellEnv(env) : toolEnv(env, options.cwd),
      detached: true,
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const stdout = collect(child.stdout, options.maxBytes);
    const stderr = collect(child.stderr, options.maxBytes);
    let timedOut = false;
    const stop = () => {
      // A program that even KILL does not end (a dead network file system) is not waited for.
      if (child.pid) void endGroup(child.pid).then(() => setTimeout(finish, DRAIN_MS, null, "SIGKILL", false));
    };
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    options.signal?.addEventListener("abort", stop, { once: true });
    if (options.signal?.aborted) stop();
    const ended = stopAtLeaving(stop);
    const finish = (code: number | null, signal: string | null, notFound: boolean, problem = "") => {
      clearTimeout(timer);
      ended();
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      options.signal?.removeEventListener("abort", stop);
      resolve({
        code: timedOut ? null : code,
        signal,
        stdout: stdout.text(),
        stderr: problem || stderr.text(),
        timedOut,
        truncated: stdout.truncated() || stderr.truncated(),
        notFound,
      });
    };
    child.once("error", (error) => finish(null, null, true, whyNot(error, options.cwd)));
    child.once("close", (code, signal) => finish(code, signal, false));
    child.once("exit", (code, signal) => void outputRead(child).then(() => finish(code, signal, false)));
    child.stdin?.on("error", () => {}); // A child that reads no input closes the pipe; its exit code is enough.
    child.stdin?.end(options.input);
  });

/** Why a program could not be started: the system reports a missing directory as a missing program. */
function whyNot(error: Error, cwd: string | undefined): string {
  return cwd === undefined || existsSync(cwd) ? error.message : `The directory "${cwd}" does not exist any more`;
}

/**
 * Resolves when both streams of an ended program have ended, or brought nothing for a while. Counted in turns of the event loop: one
 * that was blocked for longer has yet to read what is there.
 */
export async function outputRead({ stdout, stderr }: ChildProcess): Promise<void> {
  const streams = [stdout, stderr].flatMap((stream) => stream ?? []);
  let quietMs = 0;
  for (const stream of streams) stream.on("data", () => (quietMs = 0));
  for (; quietMs < DRAIN_MS && !streams.every((stream) => stream.readableEnded || stream.destroyed); quietMs += 10) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function collect(stream: ChildProcess["stdout"], maxBytes = DEFAULT_MAX_BYTES) {
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  stream?.on("data", (chunk: Buffer) => {
    if (size < maxBytes) chunks.push(chunk.subarray(0, maxBytes - size));
    size += chunk.length;
    cut ||= size > maxBytes;
  });
  return {
    text: () => Buffer.concat(chunks).toString("utf8"),
    truncated: () => cut,
  };
}

/** Runs a quick program that acts on an open file, which it gets as its descriptor 3. Its exit code, or null when there is no such program. */
export function runOnFile(argv: readonly string[], fd: number): number | null {
  const [program = "", ...args] = argv;
  return spawnSync(program, args, {
    env: toolEnv(process.env),
    stdio: ["ignore", "ignore", "ignore", fd],
    timeout: 5_000,
  }).status;
}

/** Runs a program to its end while p9 waits. Its exit code, or null when there is no such program or its time was up. */
export function runNow(argv: readonly string[], timeoutMs: number): number | null {
  const [program = "", ...args] = argv;
  return spawnSync(program, args, { env: toolEnv(process.env), stdio: "ignore", timeout: timeoutMs }).status;
}

/** What a detached program needs: it outlives p9, leads its own process group and has no terminal. */
export interface DetachOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** File that receives its stdout and stderr (created 0600, appended); default: nothing is kept. */
  readonly log?: string;
}

/**
 * Starts `argv` detached, in a session of its own. Resolves with its pid once the program runs.
 *
 * @throws the system's error (`ENOENT`, `EACCES`) when it cannot be started.
 */
export function detach(argv: readonly string[], options: DetachOptions = {}): Promise<number> {
  const [program = "", ...args] = argv;
  const out = options.log
    ? openSync(options.log, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o600)
    : "ignore";
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", out, out],
  });
  return new Promise<number>((resolve, reject) => {
    child.once("error", (error) => reject(Object.assign(error, { message: whyNot(error, options.cwd) })));
    child.once("spawn", () => {
      child.unref();
      resolve(child.pid ?? 0);
    });
  }).finally(() => {
    if (typeof out === "number") closeSync(out);
  });
}

/**
 * Starts a program that a person uses and that may outlive p9, in a session of its own. Resolves with its exit code when it ends within
 * `ms`, with 0 when it goes on, and with null when it cannot be started.
 */
export function launch(
  [program = "", ...args]: readonly string[],
  { env, cwd, ms }: Required<Pick<ExecOptions, "env" | "cwd">> & { readonly ms: number },
): Promise<number | null> {
  const child = spawn(program, args, { env: toolEnv(env, cwd), detached: true, stdio: "ignore" });
  return new Promise<number | null>((resolve) => {
    const timer = setTimeout(() => {
      child.unref();
      resolve(0);
    }, ms);
    const ended = (code: number | null) => {
      clearTimeout(timer);
      resolve(code);
    };
    child.once("error", () => ended(null));
    child.once("exit", (code) => ended(code ?? 1));
  });
}

/** A child that p9 waits for itself while it runs, with its stdio as given. */
export function start(
  argv: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: ExecOptions["env"];
    readonly stdio: "inherit" | "pipe" | ("ignore" | "pipe" | number)[];
  },
): ChildProcess {
  const [program = "", ...args] = argv;
  return spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: options.stdio,
  });
}

/**
 * Sends a signal to a process (a negative pid: to its group). False when there is none or it may not be signalled.
 * `process.kill` and not `child.kill`: Deno's `child.kill` works only once (runtime facts).
 */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Groups that were signalled, with the time (`performance.now()`) at which they are killed. */
const ending = new Map<number, number>();
let armed = false;

/**
 * Ends the whole process group of `pid`: TERM, and KILL for what is left after `graceMs`, also when p9 itself has ended by then.
 * Resolves when it is gone.
 */
export async function endGroup(pid: number, graceMs = TERM_GRACE_MS): Promise<void> {
  if (pid <= 1 || !signalProcess(-pid, "SIGTERM")) return;
  ending.set(pid, performance.now() + graceMs);
  if (!armed) process.on("exit", leaveEnders);
  armed = true;
  try {
    if (await groupGone(pid, graceMs)) return;
    signalProcess(-pid, "SIGKILL");
    await groupGone(pid, graceMs);
  } finally {
    ending.delete(pid);
  }
}

/** Waits for the group `$1` to end, `$2` tenths of a second, and kills what is left of it. */
const ENDER = `tenths=$2
while [ "$tenths" -gt 0 ]; do
  kill -s 0 -- "-$1" 2>/dev/null || exit 0
  sleep 0.1
  tenths=$((tenths - 1))
done
kill -s KILL -- "-$1"`;

function leaveEnders(): void {
  for (const [pid, until] of ending) {
    const tenths = Math.ceil(Math.max(0, until - performance.now()) / 100);
    const argv = ["-c", ENDER, "p9-end", String(pid), String(tenths)];
    if (signalProcess(-pid, 0)) spawn("/bin/sh", argv, { detached: true, stdio: "ignore" }).unref();
  }
}

async function groupGone(pid: number, withinMs: number): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; ) {
    if (!signalProcess(-pid, 0)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return !signalProcess(-pid, 0);
}

/** Signals by which a person or the end of a terminal ends a program that is looked at. */
const LEFT: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE", "SIGQUIT"]);

/**
 * Runs a program on this process's terminal, with `input` for its standard input. Resolves when it ends, with whether it could be
 * started and was not killed. Ctrl-C is its own meanwhile.
 */
export function runOnTerminal(
  [program = "", ...args]: readonly string[],
  { input, env, cwd }: Required<Pick<ExecOptions, "input" | "env" | "cwd">>,
): Promise<boolean> {
  const ignore = () => {};
  process.on("SIGINT", ignore);
  return new Promise<boolean>((resolve) => {
    const child = spawn(program, args, { stdio: ["pipe", "inherit", "inherit"], env: toolEnv(env, cwd) });
    child.once("error", () => resolve(false));
    // A shell or env says by 126 and 127 that there is no such program; one that was killed or crashed may have shown nothing.
    child.once("close", (code, signal) => resolve(signal === null ? code !== 126 && code !== 127 : LEFT.has(signal)));
    // It closes its input when it has seen enough.
    child.stdin.on("error", ignore);
    child.stdin.end(input);
  }).finally(() => process.removeListener("SIGINT", ignore));
}
