import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { killAllWith } from "./processes.ts";
import { atTestEnd, onFailure, timeLeft } from "./test-end.ts";

/** Root of the project. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** How one p9 is run. */
export interface RunOptions {
  /** Beside the sandbox's own; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly input?: string;
  /** Kills it after so many milliseconds; without, shortly before the limit of the test. */
  readonly timeoutMs?: number;
  /** `deno` runs the sources. @default {"node"} */
  readonly runtime?: "node" | "deno";
}

/** How a p9 ended. */
export interface Result {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A p9 that still runs. */
export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves when both streams together match; rejects when it ends before. */
  until(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Result>;
}

/** A user of their own: a home, a state directory, a working directory, and every process started from them. */
export interface Sandbox {
  /** The folder of all of it. */
  readonly dir: string;
  /** `BROOMVA_P9_HOME`. */
  readonly home: string;
  /** Where p9 runs. */
  readonly work: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs the real binary to its end. */
  p9(args: readonly string[], options?: RunOptions): Promise<Result>;
  /** The same, and its standard output as one JSON document. */
  json<T>(args: readonly string[], options?: RunOptions): Promise<T>;
  start(args: readonly string[], options?: RunOptions): Running;
  /** Writes a file below {@link Sandbox.work}, with its folders, and gives its path. */
  write(path: string, text: string): string;
  /** The events in the log. */
  events(): Record<string, unknown>[];
  /** Kills all that was started and removes the folder. A test that ends does it by itself. */
  close(): Promise<void>;
}

/** Makes a sandbox. Inside a test it is closed when the test ends; elsewhere pass `keep` and close it yourself. */
export function sandbox(options: { readonly keep?: boolean } = {}): Sandbox {
  const dir = mkdtempSync(join(tmpdir(), "p9-test-"));
  const home = join(dir, "state");
  const work = join(dir, "work");
  mkdirSync(work);
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: dir,
    BROOMVA_P9_HOME: home,
    NO_COLOR: "1",
    LANG: "C.UTF-8",
    GIT_CONFIG_GLOBAL: join(dir, "gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
    GH_CONFIG_DIR: join(dir, "gh"),
    GH_NO_UPDATE_NOTIFIER: "1",
    // A p9 on Deno starts others as users would, with packages from Deno's cache: not one download for each sandbox.
    DENO_DIR: process.env.DENO_DIR ?? join(homedir(), ".cache", "deno"),
    DENO_NO_UPDATE_CHECK: "1",
    ...(process.env.NODE_V8_COVERAGE ? { NODE_V8_COVERAGE: process.env.NODE_V8_COVERAGE } : {}),
  };
  const start = (args: readonly string[], run: RunOptions = {}) =>
    launch(args, { ...run, env: { ...env, ...run.env }, cwd: run.cwd ?? work });
  const self: Sandbox = {
    dir,
    home,
    work,
    env,
    start,
    p9: (args, run) => start(args, run).ended,
    json: async (args, run) => {
      // What follows "--" is the command that p9 starts.
      const dashes = args.includes("--") ? args.indexOf("--") : args.length;
      const { stdout, stderr, code } = await start([...args.slice(0, dashes), "--json", ...args.slice(dashes)], run)
        .ended;
      try {
        return JSON.parse(stdout);
      } catch {
        throw new Error(`No JSON document from p9 ${args.join(" ")} (exit ${code}): ${stdout}\n${stderr}`);
      }
    },
    write: (path, text) => {
      const full = join(work, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
      return full;
    },
    events: () => readLines(join(home, "state.jsonl")),
    close: async () => {
      await killAllWith(dir);
      rmSync(dir, { recursive: true, force: true });
    },
  };
  if (!options.keep) {
    atTestEnd(self.close);
    onFailure(() => lastWords(home));
  }
  return self;
}

/** The end of the log and of what the background watchers of a home wrote. */
function lastWords(home: string): string {
  const logs = join(home, "logs");
  const files = existsSync(logs) ? readdirSync(logs).map((name) => join(logs, name)) : [];
  return [join(home, "state.jsonl"), ...files]
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .map((path) => `--- ${path}\n${readFileSync(path, "utf8").slice(-4_000)}`)
    .join("\n");
}

/** How p9 is started on a runtime: the built program on Node, the sources on Deno. */
export function programOf(runtime: "node" | "deno"): readonly string[] {
  return runtime === "node"
    ? [process.env.P9_TEST_NODE ?? "node", join(ROOT, "dist", "p9.js")]
    : [
        join(ROOT, "node_modules", ".bin", "deno"),
        "run",
        "-A",
        "--quiet",
        "--node-modules-dir=manual",
        join(ROOT, "src", "main.ts"),
      ];
}

function launch(
  args: readonly string[],
  { env, cwd, input, timeoutMs = timeLeft(), runtime = "node" }: RunOptions,
): Running {
  const program = programOf(runtime);
  const child = spawn(program[0] ?? "", [...program.slice(1), ...args], {
    env: { ...env },
    cwd,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const look of watchers) look();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    changed();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    changed();
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const ended = new Promise<Result>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    pid: child.pid ?? 0,
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(stdout + stderr)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void ended.then(
          (end) => reject(new Error(`Ended (exit ${end.code}) before ${pattern}: ${end.stdout}${end.stderr}`)),
          reject,
        );
      }),
  };
}

function readLines(path: string): Record<string, unknown>[] {
  if (!existsSync(path)) return [];
  // The last line may be half written.
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1).filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** A line of sh that goes on once `file` is there: {@link Sandbox.write} ends what a test waits for. */
export function untilFile(file: string): string {
  return `until [ -e ${file} ]; do sleep 0.05; done`;
}

/** Resolves when `condition` holds; rejects after `timeoutMs`, by default shortly before the limit of the test, saying `what`. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = timeLeft(),
): Promise<void> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Did not happen within ${timeoutMs} ms: ${what}`);
}
