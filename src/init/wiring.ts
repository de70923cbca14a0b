import { shellQuote } from "./shell-quote.ts";

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

/** Which script answers which event. hooks/hooks.json is the same table for the plugin; a test compares them. */
const SCRIPTS = [
  { event: "SessionStart", script: "always.sh", argument: "SessionStart" },
  { event: "UserPromptSubmit", script: "user-prompt-submit.sh" },
  { event: "PreToolUse", script: "pre-tool-use.sh", matcher: "Bash" },
  { event: "PostToolUse", script: "post-tool-use.sh", matcher: "Bash" },
  { event: "PostToolUseFailure", script: "post-tool-use.sh", argument: "PostToolUseFailure", matcher: "Bash" },
  { event: "Stop", script: "stop.sh" },
  { event: "FileChanged", script: "always.sh", argument: "FileChanged", background: true },
  { event: "SessionEnd", script: "always.sh", argument: "SessionEnd" },
] as const;

/** Marks every command that p9 writes into a settings file, so that p9 recognizes its own. */
export const MARK = "# p9";

/** How the scripts are found: by the path of this installation, or by whatever `p9` is on PATH (for a file others share). */
export type Finder = { readonly folder: string } | "path";

/** The hooks of p9 as a settings file holds them. */
export function hookGroups(finder: Finder): Map<string, HandlerGroup> {
  return new Map(
    SCRIPTS.map((row) => {
      const word = "argument" in row ? `${row.script} ${row.argument}` : row.script;
      const handler: Handler = {
        type: "command",
        command: commandOf(finder, word),
        timeout: 10,
        ...("background" in row ? { async: true, asyncRewake: true } : {}),
      };
      return [row.event, { ...("matcher" in row ? { matcher: row.matcher } : {}), hooks: [handler] }];
    }),
  );
}

function commandOf(finder: Finder, script: string): string {
  if (finder !== "path") {
    const [file = "", ...rest] = script.split(" ");
    return [shellQuote(`${finder.folder}/${file}`), ...rest, MARK].join(" ");
  }
  // The command does nothing on a machine without p9; with p9, that installation answers. One that PATH finds relative to the
  // folder is the repository's.
  return `p9=$(command -v p9) && [ "\${p9#/}" != "$p9" ] && p9=$(readlink -f "$p9") || exit 0; "\${p9%/*}/../hooks/"${script} ${MARK}`;
}

/** Whether a command of a settings file was written by p9. */
export function isOurs(command: unknown): boolean {
  return typeof command === "string" && command.trimEnd().endsWith(MARK);
}
