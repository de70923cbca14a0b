import { existsSync } from "node:fs";
import { errorText } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import type { ShownWait } from "../../../show/shown-wait.ts";
import { buildProgram } from "../../program/build-program.ts";
import type { CommandRow } from "../../program/command-row.ts";
import { type Context, createContext } from "../../program/context.ts";
import { reportFailure } from "../../program/failure.ts";
import type { Output } from "../../program/output.ts";

/** Runs a command of p9 in this process, as typed in the directory of a wait; what it prints goes to `print`. Never rejects. */
export async function runCommand(
  rows: readonly CommandRow[],
  args: readonly string[],
  { cwd, print }: { readonly cwd: string | null; readonly print: (text: string) => void },
  { env, clock, exec, home }: Context,
): Promise<number> {
  const output: Output = {
    write: print,
    isTTY: true,
    columns: () => 100,
    rows: () => 40,
    closed: new AbortController().signal,
  };
  const context = createContext(
    { argv: args, rest: null },
    {
      env: { ...env, BROOMVA_P9_HOME: home, NO_COLOR: "1" },
      clock,
      exec,
      stdout: output,
      stderr: output,
      ...(cwd !== null && existsSync(cwd) ? { cwd } : {}),
    },
  );
  try {
    const row = rows.find(({ name }) => name === args[0]);
    const program = await buildProgram(row, rows, context);
    await program.parseAsync([...args], { from: "user" });
    context.sayNotes();
    return context.exitCode;
  } catch (error) {
    return reportFailure(error, context);
  }
}

/** The command line of an action, which a person could type as well. */
export function commandLine(what: "why" | "dismiss" | "try" | "heal", wait: ShownWait): readonly string[] {
  const pr = [String(wait.pr), ...(wait.repo === null ? [] : ["--repo", wait.repo])];
  switch (what) {
    case "why":
      return ["why", ...pr];
    case "dismiss":
      return ["dismiss", wait.wait_id];
    case "try":
      return ["heal", ...pr, "--apply", "--dry-run"];
    case "heal":
      return ["heal", ...pr, "--apply"];
  }
}

/** How an attempt to open an address came out, in a sentence; the address is always in it. */
export async function openAddress(url: string, { env, exec }: Pick<Context, "env" | "exec">): Promise<string> {
  const argv = browserOf(env);
  if (argv === null) return `No browser here: ${url}`;
  try {
    const { code, stderr, notFound } = await exec([...argv, url], { env, timeoutMs: 10_000, maxBytes: 4096 });
    if (code === EXIT.ok) return `Opened ${url}`;
    const why = notFound ? `there is no ${argv[0]}` : stderr.trim().split("\n")[0];
    return `Cannot open ${url}${why ? `: ${why}` : ""}`;
  } catch (error) {
    return `Cannot open ${url}: ${errorText(error)}`;
  }
}

/** The program that opens an address, or null: nobody would see it (a connection from elsewhere, no display). */
function browserOf(env: Context["env"]): readonly string[] | null {
  const programs = (env.BROWSER ?? "")
    .split(":")
    .map((line) => line.split(/\s+/).filter((word) => word !== "" && word !== "%s"));
  // Without a program, the address would be run as one.
  const named = programs.find((argv) => argv.length > 0);
  if (named) return named;
  if (process.platform === "darwin") return env.SSH_CONNECTION ? null : ["open"];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : null;
}
