import { commonOf, type Harness, SILENCE } from "../harness.ts";

/**
 * Windsurf (facts/harnesses.md, "Others": its documentation, not tested with the client). A hook can say nothing: p9 watches what was
 * pushed, and the agent asks for it (`p9 mcp`, `p9 status`).
 */
export const windsurf: Harness = {
  name: "windsurf",
  events: {
    pre_user_prompt: { is: "prompt", tells: false },
    post_run_command: { is: "after-shell", tells: false },
    post_cascade_response: { is: "stop", tells: false },
  },
  continuing: { most: 0, asPrompt: false },
  exports: null,

  read(native, input) {
    const info = input.at("tool_info");
    return {
      ...commonOf(windsurf, native),
      session: input.text("trajectory_id"),
      parent: null,
      cwd: info.text("cwd"),
      attended: null,
      pid: 0,
      command: info.some("command_line"),
      text: info.text("user_prompt"),
    };
  },

  write: () => SILENCE,
};
