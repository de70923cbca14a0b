import { commonOf, document, type Harness } from "../harness.ts";
import { nested } from "../nested.ts";

/**
 * Gemini CLI 0.61 (facts/harnesses.md, "Gemini CLI": recorded; its docs/hooks/reference.md). stdout is JSON or nothing. Units:
 * milliseconds. A continued turn begins with a BeforeAgent of its own, whose prompt is p9's text; what hooks said before stands in
 * front of a prompt. Its environment is filtered: no variable of the user's shell is to be relied on.
 */
export const gemini: Harness = {
  name: "gemini",
  events: {
    SessionStart: { is: "start", tells: true },
    SessionEnd: { is: "end", tells: false },
    BeforeAgent: { is: "prompt", tells: true },
    BeforeTool: { is: "before-shell", tells: false },
    AfterTool: { is: "after-shell", tells: true },
    AfterAgent: { is: "stop", tells: true },
  },
  continuing: { most: Number.POSITIVE_INFINITY, asPrompt: true },
  exports: null,

  read(native, input) {
    const text = input.text("prompt").replace(/^(?:<hook_context>.*?<\/hook_context>\s*)+/s, "");
    const shown = input.at("tool_response");
    return {
      ...commonOf(gemini, native),
      session: input.text("session_id"),
      parent: null,
      cwd: input.text("cwd"),
      attended: null,
      pid: 0,
      command: input.at("tool_input").some("command"),
      output: shown.some("returnDisplay", "llmContent"),
      again: input.flag("stop_hook_active"),
      text,
      // A background command that ended is put before the model as the user's steering.
      spoken: !text.startsWith("User steering update:"),
      source: input.some("source"),
      reason: input.some("reason"),
    };
  },

  write(call, answer) {
    if (call.event !== "before-shell") return nested(call, answer);
    return document(answer.deny === undefined ? {} : { decision: "deny", reason: answer.deny });
  },
};
