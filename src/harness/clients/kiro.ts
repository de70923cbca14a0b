import { createHash } from "node:crypto";
import { commonOf, type Harness, SILENCE } from "../harness.ts";

/**
 * Kiro CLI 2 and 3 (facts/harnesses.md, "Others": its documentation, not tested with the client). No hook is told a session's id: the
 * sessions of one folder are one to p9. What agentSpawn and userPromptSubmit print becomes context, as it stands; other answers go
 * nowhere.
 */
export const kiro: Harness = {
  name: "kiro",
  events: {
    agentSpawn: { is: "start", tells: true },
    userPromptSubmit: { is: "prompt", tells: true },
    preToolUse: { is: "before-shell", tells: false },
    postToolUse: { is: "after-shell", tells: false },
    stop: { is: "stop", tells: false },
    UserPromptSubmit: { is: "prompt", tells: false },
    PreToolUse: { is: "before-shell", tells: false },
    PostToolUse: { is: "after-shell", tells: false },
  },
  continuing: { most: 0, asPrompt: false },
  exports: null,

  read(native, input) {
    const cwd = input.text("cwd");
    const folder = createHash("sha256").update(cwd).digest("hex").slice(0, 16);
    return {
      ...commonOf(kiro, native),
      session: input.text("session_id") || `folder-${folder}`,
      parent: null,
      cwd,
      attended: null,
      pid: 0,
      command: input.at("tool_input").some("command"),
      output: input.some("tool_response"),
      text: input.text("prompt"),
    };
  },

  write({ tells }, { context }) {
    return tells && context !== undefined ? { ...SILENCE, stdout: `${context}\n` } : SILENCE;
  },
};
