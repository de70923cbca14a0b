import { commonOf, document, type Harness, SILENCE } from "../harness.ts";

/** Bytes of `additionalContext` that the client takes. */
const MOST_BYTES = 10_000;

/**
 * Copilot CLI 1.0.102 (facts/harnesses.md, "Copilot CLI": recorded; github/docs hooks-reference). An event in camelCase and one in
 * PascalCase (as in Claude's files, which it reads too) have fields of their own; the output is `tool_result`, and the answers to both
 * are flat (seen).
 * Any exit code but 0 of a hook before a tool denies the call. Units: seconds (`timeoutSec`). The eighth block of a stop in a row is
 * the last that it heeds, and each comes back as a prompt, like its own notifications.
 */
export const copilot: Harness = {
  name: "copilot",
  events: {
    sessionStart: { is: "start", tells: true },
    sessionEnd: { is: "end", tells: false },
    userPromptSubmitted: { is: "prompt", tells: true },
    preToolUse: { is: "before-shell", tells: false },
    postToolUse: { is: "after-shell", tells: true },
    agentStop: { is: "stop", tells: true },
    notification: { is: "notify", tells: true },
    SessionStart: { is: "start", tells: true },
    SessionEnd: { is: "end", tells: false },
    UserPromptSubmit: { is: "prompt", tells: true },
    PreToolUse: { is: "before-shell", tells: false },
    PostToolUse: { is: "after-shell", tells: true },
    Stop: { is: "stop", tells: true },
    Notification: { is: "notify", tells: true },
  },
  // One less than it heeds: another hook may have used one.
  continuing: { most: 7, asPrompt: true },
  exports: null,

  read(native, input) {
    const output = input.at("toolResult", "tool_result").some("textResultForLlm", "text_result_for_llm");
    const exit = /<shellId: \S+ completed with exit code (\d+)>\s*$/.exec(output ?? "")?.[1];
    const text = input.text("prompt");
    const source = input.some("source");
    return {
      ...commonOf(copilot, native),
      session: input.text("sessionId", "session_id"),
      parent: null,
      cwd: input.text("cwd"),
      attended: null,
      pid: 0,
      command: input.at("toolArgs", "tool_input").some("command"),
      output,
      exit: exit === undefined ? undefined : Number(exit),
      again: input.flag("stop_hook_active"),
      text,
      spoken: !text.startsWith("<system_notification>"),
      source: source === "new" ? "startup" : source,
      reason: input.some("reason"),
    };
  },

  write({ event }, { context, wake, continue: goOn, deny }) {
    switch (event) {
      case "start":
      case "prompt":
      case "after-shell":
      case "notify":
        return document({ additionalContext: clipped(context ?? wake) });
      case "before-shell":
        return document(deny === undefined ? {} : { permissionDecision: "deny", permissionDecisionReason: deny });
      case "stop":
        return document(goOn === undefined ? {} : { decision: "block", reason: goOn });
      default:
        return SILENCE;
    }
  },
};

/** As much of a text as the client takes. */
function clipped(text: string | undefined): string | undefined {
  if (text === undefined || Buffer.byteLength(text) <= MOST_BYTES) return text;
  const cut = Buffer.from(text)
    .subarray(0, MOST_BYTES - 40)
    .toString("utf8")
    .replace(/\uFFFD+$/, "");
  return `${cut}…\n(cut: p9 report shows all)`;
}
