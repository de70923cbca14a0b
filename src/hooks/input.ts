import { isObject } from "../base/json.ts";

/** What Claude Code tells a hook, as far as p9 reads it. Every field may be missing. */
export interface HookInput {
  readonly session_id: string;
  readonly transcript_path: string;
  readonly cwd: string;
  /** Set in a subagent only. */
  readonly agent_id: string | null;
  /** SessionStart: startup, resume, clear, compact, fork. */
  readonly source: string;
  /** SessionEnd: clear, resume, logout, prompt_input_exit, other. */
  readonly reason: string;
  readonly prompt: string;
  readonly stop_hook_active: boolean;
  readonly file_path: string;
  /** Command of the Bash tool. */
  readonly command: string;
  /** How long the tool call took. */
  readonly durationMs: number;
  /** The client's own reading of a finished Bash command: a push's branch, a pull request's number and address. */
  readonly pushedBranch: string | null;
  readonly pullRequest: { readonly number: number; readonly url: string; readonly action: string } | null;
}

/** Reads a hook's standard input; both spellings of a field are taken. @throws {SyntaxError} when it is no JSON object. */
export function parseInput(text: string): HookInput {
  const raw: unknown = JSON.parse(text);
  if (!isObject(raw)) throw new SyntaxError("Cannot read the hook's input: wanted a JSON object");
  const text_ = (...names: string[]) => {
    const value = names.map((name) => raw[name]).find((each) => typeof each === "string");
    return typeof value === "string" ? value : "";
  };
  const operation = objectAt(objectAt(raw, "tool_response"), "gitOperation");
  const push = objectAt(operation, "push");
  const pr = objectAt(operation, "pr");
  return {
    session_id: text_("session_id", "sessionId"),
    transcript_path: text_("transcript_path", "transcriptPath"),
    cwd: text_("cwd"),
    agent_id: text_("agent_id", "agentId") || null,
    source: text_("source"),
    reason: text_("reason"),
    prompt: text_("prompt"),
    stop_hook_active: raw.stop_hook_active === true || raw.stopHookActive === true,
    file_path: text_("file_path", "filePath"),
    command: String(objectAt(raw, "tool_input").command ?? ""),
    durationMs: typeof raw.duration_ms === "number" ? raw.duration_ms : 0,
    pushedBranch: typeof push.branch === "string" ? push.branch : null,
    pullRequest:
      typeof pr.number === "number"
        ? { number: pr.number, url: String(pr.url ?? ""), action: String(pr.action ?? "") }
        : null,
  };
}

function objectAt(value: Record<string, unknown>, key: string): Record<string, unknown> {
  const inner = value[key];
  return isObject(inner) ? inner : {};
}
