import { dirname } from "node:path";
import { shellQuote, shellUnquote } from "../base/shell-quote.ts";
import type { HarnessName } from "../harness/harness.ts";

/** A handler of Claude Code's settings. */
export interface Handler {
  readonly type: "command";
  readonly command: string;
  readonly timeout: number;
  readonly async?: boolean;
  readonly asyncRewake?: boolean;
}

/** A group of handlers with its matcher. */
export interface HandlerGroup {
  readonly matcher?: string;
  readonly hooks: readonly Handler[];
}

/** Seconds that the client gives a hook. Half a second is enough; a machine under heavy load must not lose a push or a wake. */
const TIMEOUT_S = 30;

/** Which script answers which event. hooks/hooks.json is the same table for the plugin; a test compares them. */
const SCRIPTS = [
  { event: "SessionStart", script: "always.sh", argument: "SessionStart", timeout: 60 },
  { event: "UserPromptSubmit", script: "user-prompt-submit.sh" },
  { event: "PreToolUse", script: "pre-tool-use.sh", matcher: "Bash" },
  { event: "PostToolUse", script: "post-tool-use.sh", matcher: "Bash" },
  { event: "PostToolUseFailure", script: "post-tool-use.sh", argument: "PostToolUseFailure", matcher: "Bash" },
  { event: "Stop", script: "stop.sh" },
  { event: "FileChanged", script: "always.sh", argument: "FileChanged", timeout: 120, background: true },
  { event: "SessionEnd", script: "always.sh", argument: "SessionEnd", timeout: 10 },
] as const;

/** Marks every command that p9 writes into a settings file, so that p9 recognizes its own. */
export const MARK = "# p9";

/** How p9 is found by what a settings file says: the one on PATH, then this program; or on PATH only, in a file that others share. */
export type Finder = { readonly program: string } | "path";

/** The hooks of p9 as a settings file holds them. */
export function hookGroups(finder: Finder): Map<string, HandlerGroup> {
  return new Map(
    SCRIPTS.map((row) => {
      const word = "argument" in row ? `${row.script} ${row.argument}` : row.script;
      const handler: Handler = {
        type: "command",
        command: commandOf(finder, word),
        timeout: "timeout" in row ? row.timeout : TIMEOUT_S,
        ...("background" in row ? { async: true, asyncRewake: true } : {}),
      };
      return [row.event, { ...("matcher" in row ? { matcher: row.matcher } : {}), hooks: [handler] }];
    }),
  );
}

/** The command with which another client than Claude Code calls p9; where p9 is gone it is silent and exits with 0. */
export function harnessCommand(finder: Finder, harness: HarnessName, event: string): string {
  return commandOf(finder, `harness.sh ${event} --harness ${harness}`, "$PWD");
}

/** `project`: where the client does not name the project's folder. */
function commandOf(finder: Finder, script: string, project = "/-"): string {
  const [file = "", ...rest] = script.split(" ");
  // The client runs the hooks of all its settings files, and those of two may find the same p9: by this the scripts tell them apart.
  const words = [...(finder === "path" ? ["P9_SETTINGS=project"] : []), FOUND, ...rest];
  return `${find(`hooks/${file}`, finder, project)}; [ ! -x ${FOUND} ] || ${words.join(" ")} ${MARK}`;
}

/** The command line, without p9's mark, that prints p9's status line: after the one that was there, which is all there is once p9 is gone. */
export function statuslineCommand(finder: Finder, chained: string | null): string {
  const lookUp = find("dist/p9.js", finder);
  if (chained === null) return `${lookUp}; [ ! -x "$p9$f" ] || ${FOUND} statusline`;
  const own = shellQuote(chained);
  return `${lookUp}; if [ -x "$p9$f" ]; then ${FOUND} statusline${CHAIN}${own}; else eval ${own}; fi`;
}

const CHAIN = " --chain ";

/** The status line that p9's chains, or null. */
export function chainedCommand(command: string): string | null {
  const at = command.indexOf(CHAIN);
  const word = at < 0 ? null : /^(?:'(?:[^']|'\\'')*'|[A-Za-z0-9_@%+=:,./-]+)/.exec(command.slice(at + CHAIN.length));
  return word === null ? null : (shellUnquote(word[0]) ?? null);
}

const FOUND = '"$p9$f"';

/** Where a p9 is the repository's own: found relative to the folder, among packages of a project, or in the project. */
const foreign = (project: string) => `[!/]*|*/node_modules/.bin/p9|"\${CLAUDE_PROJECT_DIR:-${project}}"/*`;

/**
 * Sets `$f` to a file of p9 and `$p9` to the folder of a p9 that has it. Where there is none, nothing is run: p9 was
 * removed, or is not on this machine.
 */
function find(file: string, finder: Finder, project = "/-"): string {
  const onPath = `p9=$(command -v p9) && case $p9 in ${foreign(project)}) false;; esac && p9=$(PATH=/usr/bin:/bin readlink -f "$p9") && p9=\${p9%/*} && [ -x ${FOUND} ]`;
  const otherwise = finder === "path" ? "exit 0" : `p9=${shellQuote(dirname(finder.program))}`;
  return `f=/../${file}; ${onPath} || ${otherwise}`;
}

/** Whether a command of a settings file was written by p9. */
export function isOurs(command: unknown): boolean {
  return typeof command === "string" && command.trimEnd().endsWith(MARK);
}
