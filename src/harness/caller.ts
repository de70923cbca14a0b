import type { Fields } from "./fields.ts";
import type { HarnessName } from "./harness.ts";
import { hasOwnHooks } from "./own-hooks.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Which client calls a hook that was installed for `installed`. The installer names it; but other clients run Claude Code's hooks too
 * (facts/harnesses.md, 5: Cursor reads its settings, Copilot a repository's, Codex takes its plugins, and `gemini hooks migrate` copies
 * them). Null: that client has hooks of p9 for itself, and one answer is enough.
 */
export function callerOf(installed: HarnessName, input: Fields, env: Env): HarnessName | null {
  // VS Code runs Copilot CLI's hooks too, under names that Copilot has not: it has a set-up of its own.
  if (installed === "copilot" && input.has("hookEventName")) return null;
  if (installed !== "claude") return installed;
  const stranger = strangerOf(input, env);
  if (stranger === null) return installed;
  return hasOwnHooks(stranger, env) ? null : stranger;
}

/** Another client than Claude Code, by what it gives its hooks. A variable alone proves little: a shell hands it on to a client inside. */
function strangerOf(input: Fields, env: Env): HarnessName | null {
  const id = input.text("session_id", "sessionId");
  if (id !== "" && id === env.CLAUDE_CODE_SESSION_ID) return null;
  if (input.has("cursor_version") || (env.CURSOR_VERSION && input.has("conversation_id"))) return "cursor";
  if (input.has("turn_id") || (env.PLUGIN_ROOT && env.PLUGIN_DATA)) return "codex";
  const isStamped = input.has("timestamp");
  if (id !== "" && id === env.GEMINI_SESSION_ID) return "gemini";
  if (env.GEMINI_CLI && isStamped && input.has("transcript_path")) return "gemini";
  if (env.COPILOT_CLI && isStamped) return "copilot";
  if (env.DROID_PROJECT_DIR && !isStamped) return "droid";
  return input.has("hookEventName") ? "vscode" : null;
}
