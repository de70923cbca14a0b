import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Clock, systemClock } from "../../base/clock.ts";
import type { Exec } from "../../base/exec-types.ts";
import { madeSecretValues, redact } from "../../base/redact.ts";
import type { LoadedPolicy, PolicyNeed } from "../../config/load.ts";
import { UsageError } from "../../core/errors.ts";
import { sessionFromEnv } from "../../core/session.ts";
import type { GitHub } from "../../github/client.ts";
import { hasShell } from "../../process/job-control.ts";
import { workingDir } from "../../process/working-dir.ts";
import { homeOf } from "../../store/paths.ts";
import type { Store } from "../../store/store.ts";
import { foldedParts, type Part, paint } from "../show/styled.ts";
import { knowsLinks } from "../show/terminal-features.ts";
import { isAgent } from "./agent.ts";
import { jsonDocument, type Output, openOutput, wantsColor, withoutReport } from "./output.ts";

/** A command line, split. */
export interface CommandLine {
  /** What followed the program's name, without `rest`. */
  readonly argv: readonly string[];
  /** The user's own command after `--`, for commands that take one; null: there was no `--`. */
  readonly rest: readonly string[] | null;
}

/** Everything that a command may use. A command reads no globals. */
export interface Context extends CommandLine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The directory that the command works in. @throws {UsageError} naming it when it was removed. */
  readonly cwd: string;
  /** Its path, also when it was removed: for what does not need the directory itself. */
  readonly place: string;
  /** @throws {UsageError} naming the directory that the command works in, when it was removed. */
  requireDirectory(): void;
  readonly clock: Clock;
  readonly exec: Exec;
  /** Limits the command to so many seconds from its start, requests to others included. */
  limitTo(seconds: number): void;
  /** Seconds that are left of them; Infinity without a limit. */
  leftS(): number;
  /** Seconds since the command began. */
  usedS(): number;
  /** The state directory; it need not exist. */
  readonly home: string;
  /** Whether `--json` was given: exactly one document goes to stdout then. */
  readonly json: boolean;
  /** Whether stdout is a terminal. */
  readonly isTTY: boolean;
  /** Whether what stands on stderr is read by a person: it is a terminal, and no agent has it. */
  readonly forPeople: boolean;
  /** Whether what stands on stdout is read by a person: then words come in place of a document that nobody asked for. */
  readonly wordsWanted: boolean;
  /** Size of the terminal for lines that are redrawn, or null: nothing may be redrawn (no terminal, `NO_COLOR`). */
  readonly liveSize: () => { readonly columns: number; readonly rows: number } | null;
  /** Keeps lines at the end of the terminal; whatever is written meanwhile comes above them. */
  live(lines: LiveLines): { readonly redraw: () => void; readonly end: () => void };
  /** Columns of the terminal that stdout is, or null: text is not fitted to any width. */
  readonly columns: number | null;
  /** Rows of the terminal that stdout is, or null. */
  readonly rows: number | null;
  readonly color: boolean;
  /** Aborted when the reader of stdout went away. */
  readonly outputClosed: AbortSignal;
  /** Ends a command that runs within a process which goes on after it; null: the process is the command's own. */
  readonly stop: AbortSignal | null;
  /** Writes text as it is. */
  stdout(text: string): void;
  stderr(text: string): void;
  /** Prints one line on stdout, at a terminal broken at its spaces; control characters are taken out. */
  print(line: string): void;
  /** Prints lines on stdout with colours and links where they are wanted; control characters are taken out. */
  printParts(...lines: readonly (readonly Part[])[]): void;
  /** What it would print. */
  painted(...lines: readonly (readonly Part[])[]): string;
  /** Prints them on stderr. */
  tellParts(...lines: readonly (readonly Part[])[]): void;
  /** Prints one message line on stderr, as `p9: <line>`; control characters are taken out. */
  warn(line: string): void;
  /** Prints one JSON document on stdout, or what was asked of it. */
  printJson(value: unknown): void;
  /** Prints JSON documents that are text already, one a line, or what was asked of them. */
  printJsonText(documents: string): void;
  /** Whether only parts of the documents were asked for (`--json a,b`, `--jq`). */
  readonly shapesJson: boolean;
  /** All of standard input as text. */
  stdin(): string;
  /** The state store of {@link Context.home}; what its subscribers throw goes to the log. */
  store(): Promise<Store>;
  /** The session that the command belongs to. @throws {StateError} when the persisted default cannot be kept. */
  session(): Promise<string>;
  /** GitHub through the user's `gh`. */
  github(): Promise<GitHub>;
  /** The repository that the command is about, resolved once. @throws {UsageError} for a bad flag. */
  repo(flag?: string): Promise<string | null>;
  /**
   * The policy of the directory, loaded once. Unknown keys are reported once, with the first output; that there is no policy where
   * one would be used, once for each state directory. With a need, throws for what the policy does not allow. @throws {PolicyError}
   */
  policy(need?: PolicyNeed): Promise<LoadedPolicy>;
  /** Prints the notes of {@link Context.policy} now; otherwise they come at the end, unless the command line was wrong. */
  sayNotes(): void;
  /** Sets the exit code; the command goes on. */
  exit(code: number): void;
}

/** Lines at the end of a terminal that are drawn again and again. Each gives what is to be written for it. */
export interface LiveLines {
  readonly erase: () => string;
  readonly draw: () => string;
  /** Takes back what else was set, at the end. */
  readonly leave: () => string;
}

/** Parts of the context for the program only. */
export interface ProgramContext extends Context {
  argv: readonly string[];
  json: boolean;
  /** The fields of the JSON document that were asked for; null: all. */
  jsonFields: readonly string[] | null;
  /** Makes of documents what was asked for; null: they are printed as they are. */
  shapeJson: ((documents: string) => string) | null;
  exitCode: number;
}

/** Overrides of the process's own values, for tests. */
export interface ContextOptions {
  readonly env?: Context["env"];
  readonly cwd?: string;
  readonly clock?: Clock;
  readonly exec?: Exec;
  readonly stdout?: Output;
  readonly stderr?: Output;
  /** All of standard input. */
  readonly stdin?: () => string;
  /** See {@link Context.stop}. */
  readonly stop?: AbortSignal;
}

/** The context of one command line. */
export function createContext(line: CommandLine, options: ContextOptions = {}): ProgramContext {
  const env = options.env ?? process.env;
  const { path: place, gone } = options.cwd === undefined ? workingDir(env) : { path: options.cwd, gone: false };
  const exec: Exec =
    options.exec ?? (async (argv, how) => await (await import("../../process/exec.ts")).run(argv, how));
  const stdout = options.stdout ?? openOutput(1);
  const stderr = options.stderr ?? openOutput(2);
  const home = resolve(place, homeOf(env));
  let secrets: readonly string[] | undefined;
  const safe = (text: string) => {
    secrets ??= madeSecretValues(env);
    return withoutReport(redact(text, secrets));
  };
  let live: LiveLines | null = null;
  const above = (output: Output) => (text: string) =>
    live && output.isTTY ? output.write(`${live.erase()}${text}${live.draw()}`) : output.write(text);
  const [toStdout, toStderr] = [above(stdout), above(stderr)];
  // A terminal breaks lines in the middle of words; programs get each line as it is.
  const folded = (line: readonly Part[], { isTTY, columns }: Output) =>
    isTTY && !isAgent(env) ? foldedParts(line, columns()) : [line];
  const toldLine = (line: readonly Part[]) => {
    for (const one of folded(line, stderr)) toStderr(`${paint(one, lookOf(stderr))}\n`);
  };
  const printLine = (line: readonly Part[]) => {
    for (const one of folded(line, stdout)) toStdout(`${paint(one, lookOf(stdout))}\n`);
  };
  const warn = (line: string) => toldLine([`p9: ${safe(line)}`]);
  const color = wantsColor(env, stdout.isTTY);
  const lookOf = ({ isTTY }: Output) => {
    const colors = wantsColor(env, isTTY);
    return { color: colors, links: isTTY && colors && knowsLinks(env), clean: safe };
  };
  const clock = options.clock ?? systemClock;
  const startedAt = clock.monotonic();
  let limitS = Number.POSITIVE_INFINITY;
  const usedS = () => (clock.monotonic() - startedAt) / 1000;
  const leftS = () => Math.max(0, limitS - usedS());
  const inTime: Exec = (argv, how = {}) =>
    exec(argv, { ...how, timeoutMs: Math.max(1, Math.min(how.timeoutMs ?? 60_000, leftS() * 1000)) });
  const requireDirectory = () => {
    if (gone) throw new UsageError(`Cannot work in "${place}": the directory does not exist any more`);
  };
  const notes: string[] = [];
  const sayNotes = () => {
    for (const note of notes.splice(0)) warn(note);
  };
  let policy: Promise<LoadedPolicy> | undefined;
  let repo: Promise<string | null> | undefined;
  let store: Promise<Store> | undefined;
  let github: Promise<GitHub> | undefined;

  const context: ProgramContext = {
    argv: line.argv,
    rest: line.rest,
    env,
    get cwd() {
      requireDirectory();
      return place;
    },
    place,
    requireDirectory,
    exec,
    limitTo: (seconds) => {
      limitS = seconds;
    },
    leftS,
    usedS,
    home,
    clock,
    json: false,
    jsonFields: null,
    shapeJson: null,
    get shapesJson() {
      return context.shapeJson !== null;
    },
    exitCode: 0,
    isTTY: stdout.isTTY,
    forPeople: stderr.isTTY && !isAgent(env),
    get wordsWanted() {
      return stdout.isTTY && !isAgent(env) && !context.json;
    },
    liveSize: () =>
      stdout.isTTY && stderr.isTTY && !env.NO_COLOR && env.TERM !== "dumb"
        ? { columns: stderr.columns(), rows: stderr.rows() }
        : null,
    live: (lines) => {
      live = lines;
      return liveOn(stderr, lines, () => {
        live = null;
      });
    },
    get columns() {
      return stdout.isTTY ? stdout.columns() : null;
    },
    get rows() {
      return stdout.isTTY ? stdout.rows() : null;
    },
    color,
    outputClosed: stdout.closed,
    stop: options.stop ?? null,
    stdout: toStdout,
    stderr: toStderr,
    print: (line) => printLine([safe(line)]),
    printParts: (...lines) => lines.forEach(printLine),
    painted: (...lines) => {
      const look = lookOf(stdout);
      return lines.map((line) => `${paint(line, look)}\n`).join("");
    },
    tellParts: (...lines) => {
      for (const line of lines) toldLine(line);
    },
    warn,
    printJson: (value) => context.printJsonText(jsonDocument(value)),
    printJsonText: (documents) => toStdout(context.shapeJson?.(documents) ?? documents),
    stdin: options.stdin ?? (() => readFileSync(0, "utf8")),
    store: () => {
      store ??= import("./open-store.ts").then(async ({ openStore, takeOver }) => {
        await takeOver(home, clock);
        return openStore(home, clock, { env, cwd: place });
      });
      return store;
    },
    session: async () => sessionFromEnv(env) ?? (await import("../../config/default-session.ts")).defaultSession(home),
    github: () => {
      github ??= import("../../github/client.ts").then(({ createGitHub }) =>
        createGitHub({ exec, env, clock: clock, home }),
      );
      return github;
    },
    repo: (flag) => {
      repo ??= import("./repo.ts").then(({ resolveRepo }) =>
        resolveRepo(flag, { env, cwd: place, exec: inTime, warn }),
      );
      return repo;
    },
    policy: async (need) => {
      const { loadPolicy, requirePolicy } = await import("../../config/load.ts");
      policy ??= loadPolicy({ env, cwd: place, home }).then((loaded) => {
        notes.push(...loaded.warnings, ...loaded.services);
        return loaded;
      });
      const loaded = await policy;
      if (need === "watch" && loaded.path === null) {
        const { defaultsNote } = await import("../../config/defaults-note.ts");
        notes.push(...defaultsNote(home));
      }
      if (need === "act" && loaded.path === null) requireDirectory();
      if (need) requirePolicy(loaded, need);
      return loaded;
    },
    sayNotes,
    exit: (code) => {
      context.exitCode = code;
    },
  };
  return context;
}

/** Draws live lines, until their end or that of the process. Ctrl-Z takes them off the terminal, and going on draws them again. */
function liveOn(stderr: Output, lines: LiveLines, forget: () => void): ReturnType<Context["live"]> {
  let over = false;
  const clear = () => stderr.write(`${lines.erase()}${lines.leave()}`);
  const redraw = () => over || stderr.write(`${lines.erase()}${lines.draw()}`);
  const stop = () => {
    if (!hasShell()) return;
    clear();
    // The signal was caught: the process stops as it would have.
    process.kill(process.pid, "SIGSTOP");
  };
  const end = () => {
    if (over) return;
    over = true;
    process.removeListener("exit", end);
    process.removeListener("SIGTSTP", stop);
    process.removeListener("SIGCONT", redraw);
    clear();
    forget();
  };
  // A second Ctrl-C ends the process at once.
  process.once("exit", end);
  process.on("SIGTSTP", stop);
  process.on("SIGCONT", redraw);
  return { redraw, end };
}
