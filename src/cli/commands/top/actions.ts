import { existsSync } from "node:fs";
import type { ShownWait } from "../../../show/shown-wait.ts";
import type { CommandRow } from "../../program/command-row.ts";
import type { Context } from "../../program/context.ts";
import type { Output } from "../../program/output.ts";
import { runWithin } from "../../within/run-within.ts";

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
  // The view is the pager of what a command prints.
  const own = { ...env, BROOMVA_P9_HOME: home, NO_COLOR: "1", P9_PAGER: "" };
  const place = cwd !== null && existsSync(cwd) ? { cwd } : {};
  const { code } = await runWithin(rows, args, { env: own, clock, exec, stdout: output, stderr: output, ...place });
  return code;
}

/** The command line of an action, which a person could type as well. */
export function commandLine(what: "why" | "dismiss" | "try" | "heal" | "logs", wait: ShownWait): readonly string[] {
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
    case "logs":
      return ["logs", wait.wait_id];
  }
}

/** The page that is opened for a wait: that of the part which failed first, else its own. */
export function pageOf({ live, items, url }: Pick<ShownWait, "live" | "items" | "url">): string | null {
  const failed = live ? [] : items.filter((item) => item.state === "failed" && item.url !== undefined);
  const [first] = failed.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  return first?.url ?? url;
}
