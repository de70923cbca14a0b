import { oneLine } from "../../base/text.ts";
import { endGroup, outputRead, signalProcess, start } from "../../process/exec.ts";
import { endMarked, MARK, newMark } from "./call-mark.ts";
import { readLines } from "./lines.ts";

const MIB = 1024 * 1024;
/** What a plugin may print in one call, as its answer and as its log. */
const MAX_STDOUT = 4 * MIB;
const MAX_STDERR = 2 * MIB;
const KILL_AFTER_MS = 1_000;

/** How to run one call of a plugin. */
export interface PluginProcess {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The first line of its standard input. */
  readonly request: string;
  /** Keep the input open for replies; otherwise it is closed after the request. */
  readonly replies: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** A line of its stdout; `reply` writes a line to its stdin, `stop` ends the process at once. */
  onLine(line: string, reply: (line: string) => void, stop: () => void): void;
  /** A line of its stderr, made safe. */
  onLog(line: string): void;
}

/** How the process ended. */
export interface PluginExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** `null`: by itself. */
  readonly ended: null | "stopped" | "timed out" | "cancelled" | "flooded" | "not started";
  /** The last line of its stderr, or why it could not be started. */
  readonly lastLog: string;
}

/** Runs one call in a process group of its own, and ends the whole group afterwards. */
export function runPluginProcess(options: PluginProcess): Promise<PluginExit> {
  return new Promise((resolve) => {
    const mark = newMark();
    const env = { ...options.env, [MARK]: mark };
    const child = start(options.argv, { cwd: options.cwd, env, stdio: "pipe" });
    let ended: PluginExit["ended"] = null;
    let lastLog = "";
    let settled = false;
    const stop = (why: PluginExit["ended"]) => {
      ended ??= why;
      if (child.pid)
        void endGroup(child.pid, why === "flooded" ? 0 : KILL_AFTER_MS).then(() =>
          setTimeout(over, KILL_AFTER_MS, null, "SIGKILL"),
        );
    };
    const onAbort = () => stop("cancelled");
    const timer = setTimeout(() => stop("timed out"), options.timeoutMs);
    const killNow = () => void (child.pid && signalProcess(-child.pid, "SIGKILL"));
    const forget = killAtExit(killNow);
    const over = (code: number | null, signal: string | null) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      options.signal.removeEventListener("abort", onAbort);
      forget();
      killNow();
      endMarked(mark);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      resolve({ code, signal, ended, lastLog });
    };
    child.once("error", (error) => {
      ended = "not started";
      lastLog = error.message;
      over(null, null);
    });
    // Not "close", since a child left behind may hold the pipes open; the process's own output arrives by now or soon.
    child.once("exit", (code, signal) => void outputRead(child).then(() => over(code, signal)));
    child.once("close", over);
    options.signal.addEventListener("abort", onAbort, { once: true });
    if (options.signal.aborted) onAbort();

    const reply = (line: string) => void child.stdin?.write(`${line}\n`);
    if (child.stdout) {
      readLines(
        child.stdout,
        MAX_STDOUT,
        (line) => options.onLine(line, reply, () => stop("stopped")),
        () => stop("flooded"),
      );
    }
    if (child.stderr) {
      const log = (line: string) => {
        lastLog = oneLine(line, 500);
        options.onLog(lastLog);
      };
      readLines(child.stderr, MAX_STDERR, log, () => stop("flooded"));
    }
    child.stdin?.on("error", () => {}); // The process may end without reading.
    child.stdin?.write(`${options.request}\n`);
    if (!options.replies) child.stdin?.end();
  });
}

/** What kills the processes that run. One listener for all: Node warns of a leak where a process has more than ten. */
const running = new Set<() => void>();

/** Runs `kill` when p9 ends, until the function that it gives is called. */
function killAtExit(kill: () => void): () => void {
  if (running.size === 0) process.on("exit", killRunning);
  running.add(kill);
  return () => {
    running.delete(kill);
    if (running.size === 0) process.removeListener("exit", killRunning);
  };
}

function killRunning(): void {
  for (const kill of running) kill();
}
