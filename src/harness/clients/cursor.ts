import { commonOf, document, type Harness, type HookAnswer, type HookCall, SILENCE } from "../harness.ts";
import { nested } from "../nested.ts";

/** Follow-ups in a row that the client submits (`loop_limit`). */
const LOOP_LIMIT = 5;

/**
 * Cursor 3 (facts/harnesses.md, "Cursor": its documentation, not tested with the client). Events in camelCase are its own; those in
 * PascalCase come from Claude Code's settings, which it runs too, and it takes Claude's answers there. The output of
 * afterShellExecution's hook is ignored: postToolUse tells. A stop is continued by a `followup_message`, submitted as the user's next
 * message, five in a row. Units: seconds.
 */
export const cursor: Harness = {
  name: "cursor",
  events: {
    sessionStart: { is: "start", tells: true },
    sessionEnd: { is: "end", tells: false },
    beforeSubmitPrompt: { is: "prompt", tells: false },
    beforeShellExecution: { is: "before-shell", tells: false },
    afterShellExecution: { is: "after-shell", tells: false },
    postToolUse: { is: "after-shell", tells: true },
    postToolUseFailure: { is: "after-shell", tells: false },
    stop: { is: "stop", tells: true },
    SessionStart: { is: "start", tells: true },
    SessionEnd: { is: "end", tells: false },
    UserPromptSubmit: { is: "prompt", tells: false },
    PreToolUse: { is: "before-shell", tells: false },
    PostToolUse: { is: "after-shell", tells: true },
    PostToolUseFailure: { is: "after-shell", tells: false },
    Stop: { is: "stop", tells: true },
  },
  continuing: { most: LOOP_LIMIT - 1, asPrompt: true },
  exports: null,

  read(native, input) {
    const common = commonOf(cursor, native);
    const loops = input.number("loop_count") ?? 0;
    return {
      ...common,
      tells: common.tells && loops < LOOP_LIMIT,
      session: input.text("conversation_id", "session_id"),
      parent: null,
      cwd: input.text("cwd") || (input.texts("workspace_roots")[0] ?? ""),
      attended: null,
      pid: 0,
      command: input.some("command") ?? input.at("tool_input").some("command"),
      output: input.some("output", "tool_output", "tool_response"),
      durationMs: input.number("duration"),
      again: loops > 0 || input.flag("stop_hook_active"),
      text: input.text("prompt"),
      source: input.some("source"),
      reason: input.some("reason"),
    };
  },

  write(call, answer) {
    return /^[A-Z]/.test(call.native) ? nested(call, answer) : own(call, answer);
  },
};

function own({ native, event }: HookCall, { context, continue: goOn, deny }: HookAnswer) {
  switch (event) {
    case "start":
      return document({ additional_context: context });
    case "after-shell":
      return native === "postToolUse" ? document({ additional_context: context }) : SILENCE;
    case "before-shell":
      return document(deny === undefined ? {} : { permission: "deny", user_message: deny, agent_message: deny });
    case "stop":
      return document({ followup_message: goOn });
    default:
      return SILENCE;
  }
}
