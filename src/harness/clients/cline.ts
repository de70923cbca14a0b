import { commonOf, document, type Harness, SILENCE } from "../harness.ts";

/**
 * Cline CLI 3.0 (facts/harnesses.md, "Cline": recorded; cline/cline hook-file-config.ts). Hooks are files named for their event, every
 * copy of which runs. There is no folder of the session but the roots of its workspace, and one call of the shell tool may hold several
 * commands. `contextModification` reaches the model before and after a tool, and from nowhere else (seen). A `cancel` ends the whole run
 * and not the call (seen): what is refused elsewhere is only said here.
 */
export const cline: Harness = {
  name: "cline",
  events: {
    TaskStart: { is: "start", tells: false },
    TaskResume: { is: "start", tells: false },
    UserPromptSubmit: { is: "prompt", tells: false },
    PreToolUse: { is: "before-shell", tells: true },
    PostToolUse: { is: "after-shell", tells: true },
    TaskComplete: { is: "stop", tells: false },
    TaskCancel: { is: "stop", tells: false },
    TaskError: { is: "stop", tells: false },
    SessionShutdown: { is: "end", tells: false },
  },
  continuing: { most: 0, asPrompt: false },
  exports: null,

  read(native, input) {
    const session = input.at("sessionContext").text("rootSessionId") || input.text("taskId");
    const commands = input.at("tool_call", "tool_result").at("input").texts("commands");
    const results = input.at("tool_result").list("output");
    return {
      ...commonOf(cline, native),
      session,
      parent: input.text("parent_agent_id") === "" ? null : session,
      cwd: input.texts("workspaceRoots")[0] ?? input.at("workspaceInfo").text("rootPath"),
      attended: null,
      pid: 0,
      command: commands.length === 0 ? undefined : commands.join("\n"),
      output: results.length === 0 ? undefined : results.map((each) => each.text("result")).join("\n"),
      durationMs: input.at("tool_result").number("durationMs"),
      text: input.at("userPromptSubmit").text("prompt"),
      source: native === "TaskResume" ? "resume" : "startup",
    };
  },

  write({ tells }, { context, deny }) {
    const text = deny ?? context;
    return tells && text !== undefined ? document({ cancel: false, contextModification: text }) : SILENCE;
  },
};
