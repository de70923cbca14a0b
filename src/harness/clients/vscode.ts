import { commonOf, document, type Harness } from "../harness.ts";
import { nested } from "../nested.ts";

/**
 * VS Code's agent (facts/harnesses.md, "Copilot CLI"; code.visualstudio.com hooks-reference; not tested with the client). Claude's names
 * and nesting, fields of both spellings; a stop's decision stands in `hookSpecificOutput` too. Units: seconds.
 */
export const vscode: Harness = {
  name: "vscode",
  events: {
    SessionStart: { is: "start", tells: true },
    UserPromptSubmit: { is: "prompt", tells: false },
    PreToolUse: { is: "before-shell", tells: true },
    PostToolUse: { is: "after-shell", tells: true },
    Stop: { is: "stop", tells: true },
  },
  continuing: { most: Number.POSITIVE_INFINITY, asPrompt: false },
  exports: null,

  read(native, input) {
    return {
      ...commonOf(vscode, native),
      session: input.text("sessionId", "session_id"),
      parent: null,
      cwd: input.text("cwd"),
      attended: null,
      pid: 0,
      command: input.at("tool_input").some("command"),
      output: input.some("tool_response"),
      again: input.flag("stop_hook_active"),
      text: input.text("prompt"),
      source: input.some("source"),
    };
  },

  write(call, answer) {
    if (call.event !== "stop" || answer.continue === undefined) return nested(call, answer);
    return document({
      hookSpecificOutput: { hookEventName: call.native, decision: "block", reason: answer.continue },
    });
  },
};
