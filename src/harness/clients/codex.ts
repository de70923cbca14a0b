import { commonOf, type Harness } from "../harness.ts";
import { nested } from "../nested.ts";

/**
 * Codex CLI 0.171 (facts/harnesses.md, "Codex CLI": recorded from the real client; its hooks/src/schema.rs). Claude's names and
 * nesting, but an answer is refused whole for a key that its event does not have (`deny_unknown_fields`): Stop has no
 * `hookSpecificOutput`, SessionEnd takes nothing. Context of all other events was seen in the model's requests, a refusal too. Units: seconds; SessionEnd gets 3 at most. A hook's parent is a daemon, so no process
 * tells whether the session lives. A plugin that was made for Claude Code is called by the same names.
 */
export const codex: Harness = {
  name: "codex",
  events: {
    SessionStart: { is: "start", tells: true },
    SessionEnd: { is: "end", tells: false },
    UserPromptSubmit: { is: "prompt", tells: true },
    PreToolUse: { is: "before-shell", tells: true },
    PostToolUse: { is: "after-shell", tells: true },
    Stop: { is: "stop", tells: true },
  },
  continuing: { most: Number.POSITIVE_INFINITY, asPrompt: false },
  exports: null,
  keeps: ["CODEX_HOME"],

  read(native, input) {
    const session = input.text("session_id");
    return {
      ...commonOf(codex, native),
      session,
      parent: input.text("agent_id") === "" ? null : session,
      cwd: input.text("cwd"),
      attended: null,
      pid: 0,
      command: input.at("tool_input").some("command"),
      output: input.some("tool_response"),
      again: input.flag("stop_hook_active"),
      text: input.text("prompt"),
      source: input.some("source"),
      reason: input.some("reason"),
    };
  },

  write: nested,
};
