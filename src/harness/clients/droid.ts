import { isAbsolute } from "node:path";
import { commonOf, type Harness } from "../harness.ts";
import { nested } from "../nested.ts";

/**
 * Factory droid 0.215 (facts/harnesses.md, "Factory droid": recorded). Claude's names and nesting; the shell is `Execute`, and the
 * script for later commands (`CLAUDE_ENV_FILE`) is named in what the hook reads, not in its environment. Units: seconds. Later commands
 * were seen to have its variables, and the model what SessionStart and PostToolUse answer; what PreToolUse adds does not reach it, and
 * UserPromptSubmit does not happen in `droid exec`, so that nothing counts as told there.
 */
export const droid: Harness = {
  name: "droid",
  events: {
    SessionStart: { is: "start", tells: true },
    SessionEnd: { is: "end", tells: false },
    UserPromptSubmit: { is: "prompt", tells: false },
    PreToolUse: { is: "before-shell", tells: false },
    PostToolUse: { is: "after-shell", tells: true },
    Stop: { is: "stop", tells: true },
  },
  continuing: { most: Number.POSITIVE_INFINITY, asPrompt: true },
  exports: "file",

  read(native, input) {
    const envFile = input.text("CLAUDE_ENV_FILE");
    const output = input.some("tool_response");
    const exit = /\[Process exited with code (\d+)\]\s*$/.exec(output ?? "")?.[1];
    return {
      ...commonOf(droid, native),
      session: input.text("session_id"),
      parent: null,
      cwd: input.text("cwd"),
      attended: null,
      pid: 0,
      command: input.at("tool_input").some("command"),
      output,
      exit: exit === undefined ? undefined : Number(exit),
      again: input.flag("stop_hook_active"),
      text: input.text("prompt"),
      source: input.some("source"),
      reason: input.some("reason"),
      ...(isAbsolute(envFile) ? { envFile } : {}),
    };
  },

  write: nested,
};
