import { commonOf, document, type Harness, SILENCE } from "../harness.ts";

/**
 * Cline CLI 3.0 (facts/harnesses.md, "Cline": recorded; cline/cline hook-file-config.ts). Hooks are files named for their event, every
 * copy of which runs. There is no folder of the session but the roots of its workspace, and one call of the shell tool may hold several
 * commands. `contextModification` is told after a tool (seen); what other events answer was not seen to arrive, and whether a `cancel`
 * ends more than the call is not known, so that nothing is refused.
 */
export const cline: Harness = {
  name: "cline",
  events: {
    TaskStart: { is: "start", tells: false },
    TaskResume: { is: "start", tells: false },
    UserPromptSubmit: { is: "prompt", tells: false },
    PreToolUse: { is: "before-shell", tells: false },
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

  write({ event }, { context }) {
    if (event !== "after-shell" || context === undefined) return SILENCE;
    return document({ cancel: false, contextModification: context });
  },
};
