import type { Exec } from "./exec.ts";

/** Asks git in one folder. */
export interface Git {
  readonly cwd: string;
  /** Trimmed stdout, or null when git failed. */
  (args: readonly string[]): Promise<string | null>;
}

/** git in `cwd`: never traced as the session's, never prompting, ended after two seconds. */
export function gitIn(cwd: string, exec: Exec, env: Readonly<Record<string, string | undefined>>): Git {
  const quiet = { ...env, GIT_TRACE2_EVENT: "0", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" };
  const ask = async (args: readonly string[]): Promise<string | null> => {
    const result = await exec(["git", ...args], { cwd, env: quiet, timeoutMs: 2_000, maxBytes: 1 << 20 });
    return result.code === 0 ? result.stdout.trim() : null;
  };
  return Object.assign(ask, { cwd });
}
