import { commonOf, document, type Harness, SILENCE } from "../harness.ts";

/**
 * Goose 1.38 (facts/harnesses.md, "Others"; aaif-goose/goose hooks.md; not tested with the client). Only PreToolUse and Stop are heard;
 * what any other hook prints is thrown away, and a PreToolUse that prints anything but a decision has decided nothing. Units: seconds.
 * Eight blocks of a stop in a row are heeded (`GOOSE_STOP_HOOK_BLOCK_CAP`).
 */
export const goose: Harness = {
  name: "goose",
  events: {
    SessionStart: { is: "start", tells: false },
    SessionEnd: { is: "end", tells: false },
    UserPromptSubmit: { is: "prompt", tells: false },
    PreToolUse: { is: "before-shell", tells: false },
    PostToolUse: { is: "after-shell", tells: false },
    PostToolUseFailure: { is: "after-shell", tells: false },
    Stop: { is: "stop", tells: true },
  },
  continuing: { most: 7, asPrompt: false },
  exports: null,

  read(native, input) {
    return {
      ...commonOf(goose, native),
      session: input.text("session_id"),
      parent: null,
      cwd: input.text("working_dir"),
      attended: null,
      pid: 0,
      command: input.at("tool_input").some("command"),
      // It does not say whether a hook has continued the turn: all stops without a prompt between count.
      again: true,
      text: input.text("message"),
    };
  },

  write({ event }, { continue: goOn, deny }) {
    const reason = event === "before-shell" ? deny : event === "stop" ? goOn : undefined;
    return reason === undefined ? SILENCE : document({ decision: "block", reason });
  },
};
