/** Variables by which agents mark the shells that they start, by their full names. */
const NAMES = new Set([
  "AI_AGENT",
  "AMP_CURRENT_THREAD_ID",
  "AUGMENT_AGENT",
  "BROOMVA_P9_SESSION_OF",
  "CLAUDECODE",
  "CLAUDE_CODE_SESSION_ID",
  "CLINE_ACTIVE",
  "COPILOT_CLI",
  "CURSOR_AGENT",
  "DROID_PROJECT_DIR",
  "GEMINI_CLI",
  "GOOSE_TERMINAL",
  "OPENCODE",
  "OPENCODE_PID",
]);

/** Whether an agent runs this process, by what agents set for the programs that they start. */
export function isAgent(env: Readonly<Record<string, string | undefined>>): boolean {
  return Object.keys(env).some((name) => Boolean(env[name]) && (NAMES.has(name) || name.startsWith("CODEX_")));
}
