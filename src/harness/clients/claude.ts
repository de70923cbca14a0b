import { commonOf, document, type Harness, type HookAnswer } from "../harness.ts";

/**
 * Claude Code (facts/claude-code.md, hooks; the first of the adapters). Stops are continued by `additionalContext`; a wake is exit
 * code 2 with the text on stderr.
 */
export const claude: Harness = {
  name: "claude",
  events: {
    SessionStart: { is: "start", tells: true },
    SessionEnd: { is: "end", tells: false },
    UserPromptSubmit: { is: "prompt", tells: true },
    PreToolUse: { is: "before-shell", tells: true },
    PostToolUse: { is: "after-shell", tells: true },
    PostToolUseFailure: { is: "after-shell", tells: true },
    Stop: { is: "stop", tells: true },
    FileChanged: { is: "notify", tells: true },
  },
  continuing: { most: Number.POSITIVE_INFINITY, asPrompt: false },
  exports: "file",

  read(native, input, env) {
    const session = input.text("session_id", "sessionId") || (env.CLAUDE_CODE_SESSION_ID ?? "");
    const operation = input.at("tool_response").at("gitOperation");
    const pr = operation.at("pr");
    const prompt = input.text("prompt");
    return {
      ...commonOf(claude, native),
      session,
      parent: input.text("agent_id", "agentId") === "" ? null : session,
      cwd: input.text("cwd"),
      attended: env.CLAUDE_CODE_SESSION_ATTENDED === "1",
      pid: Number(env.CLAUDE_PID ?? 0),
      command: input.at("tool_input").some("command"),
      durationMs: input.number("duration_ms"),
      pushedBranch: operation.at("push").some("branch"),
      ...(pr.number("number") === undefined ? {} : { pullRequest: { url: pr.text("url"), action: pr.text("action") } }),
      again: input.flag("stop_hook_active", "stopHookActive"),
      text: prompt,
      spoken: !/^\s*(?:<system-reminder>|<task-notification>|\[SYSTEM NOTIFICATION)/.test(prompt),
      source: input.text("source"),
      reason: input.text("reason"),
      file: input.text("file_path", "filePath"),
      envFile: env.CLAUDE_ENV_FILE,
    };
  },

  write({ native }, answer) {
    if (answer.wake !== undefined) return { stdout: "", stderr: `${answer.wake}\n`, code: 2 };
    const specific = specificOf(answer);
    return document({
      systemMessage: answer.message,
      hookSpecificOutput: Object.keys(specific).length === 0 ? undefined : { hookEventName: native, ...specific },
    });
  },
};

function specificOf({ context, continue: goOn, watchPaths, deny }: HookAnswer) {
  const text = context ?? goOn;
  return {
    ...(text === undefined ? {} : { additionalContext: text }),
    ...(watchPaths === undefined ? {} : { watchPaths }),
    ...(deny === undefined ? {} : { permissionDecision: "deny", permissionDecisionReason: deny }),
  };
}
