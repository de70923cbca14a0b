import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT, type Sandbox } from "./p9.ts";
import { timeLeft } from "./test-end.ts";

/** What a command wrote to its terminal, with line ends as in a file, and its exit code. */
export interface Shown {
  readonly text: string;
  readonly code: number | null;
}

/** How a command runs on a terminal. */
export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** @default {80} */
  readonly columns?: number;
  readonly cwd?: string;
  /** `deno` runs the sources. @default {"node"} */
  readonly runtime?: "node" | "deno";
  /** Keys that are typed once the output matches: `\u0003` is Ctrl-C. */
  readonly type?: { readonly after: RegExp; readonly keys: string };
}

const PROGRAM = {
  node: `${process.env.P9_TEST_NODE ?? "node"} ${join(ROOT, "dist/p9.js")}`,
  deno: `${join(ROOT, "node_modules/.bin/deno")} run -A --quiet --node-modules-dir=manual ${join(ROOT, "src/main.ts")}`,
};

/** Runs p9 on a terminal of its own; see {@link commandOnTerminal}. */
export function onTerminal(user: Sandbox, line: string, options: TerminalOptions = {}): Promise<Shown> {
  const program = PROGRAM[options.runtime ?? "node"];
  return commandOnTerminal(user, `exec ${program} ${line}`, options);
}

/**
 * Runs a shell command on a terminal of its own (script(1)); the servers of the test go on meanwhile. Nothing but `options.env` says
 * which terminal it is.
 */
export function commandOnTerminal(user: Sandbox, line: string, options: TerminalOptions = {}): Promise<Shown> {
  const { env = {}, columns = 80, type, cwd = user.work } = options;
  const { NO_COLOR: _, ...plain } = user.env;
  const child = spawn("script", ["-qec", `stty cols ${columns} rows 24; ${line}`, "/dev/null"], {
    env: { ...plain, TERM: "xterm", ...env },
    cwd,
    stdio: ["pipe", "pipe", "ignore"],
  });
  let text = "";
  let typed = false;
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    if (!type || typed || !type.after.test(text)) return;
    typed = true;
    child.stdin.write(type.keys);
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), timeLeft());
  return new Promise((resolve) => {
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ text: text.replaceAll("\r\n", "\n"), code });
    });
  });
}

const SEQUENCES = /\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u001b\u0007]*(?:\u001b\\|\u0007)/g;

/** A text without its colours, links and movements. */
export function plainText(text: string): string {
  return text.replace(SEQUENCES, "");
}
