import { isSecretName, redact, secretValues } from "../../base/redact.ts";
import type { Exec } from "../../process/exec.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Time limit of a heal command. */
const HEAL_LIMIT_MS = 15 * 60_000;
const TAIL = 4_000;

/** Variables that grant access although their names do not look secret. */
const DOORS =
  /^(?:SSH_AUTH_SOCK|SSH_AGENT_PID|GPG_AGENT_INFO|GIT_ASKPASS|SSH_ASKPASS|DOCKER_CONFIG|KUBECONFIG|NETRC|DBUS_SESSION_BUS_ADDRESS|GH_CONFIG_DIR|BROOMVA_P9_.*|CLAUDE.*|ANTHROPIC.*|OPENAI.*|AWS_.*|AZURE_.*|GOOGLE_.*|GCP_.*|ACTIONS_.*|GITHUB_.*|GIT_.*|NODE_OPTIONS|LD_PRELOAD|LINEAR_.*|VERCEL.*|CLOUDFLARE.*|NETLIFY.*|FLY_.*|RAILWAY.*|SUPABASE.*|RENDER_.*|.*_PAT|.*_DSN|.*_URL|.*_URI)$/;
const KEPT = /^(?:BROOMVA_P9_REPO)$/;

/** The environment of a heal command: variables that tools need, without any that grants access. */
export function healEnv(env: Env): Env {
  const kept = Object.entries(env).filter(
    ([name, value]) =>
      value !== undefined &&
      !isSecretName(name) &&
      (KEPT.test(name) || !DOORS.test(name)) &&
      !/:\/\/[^/@\s]+@/.test(value),
  );
  return {
    ...Object.fromEntries(kept),
    CI: "1",
    P9_HEAL: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_TRACE2_EVENT: "0",
    NO_COLOR: "1",
  };
}

/** How a command of the user's or the project's ended. */
export interface CommandResult {
  readonly ok: boolean;
  readonly code: number | null;
  readonly timedOut: boolean;
  /** The end of what it printed, redacted. */
  readonly tail: string;
}

/** Runs one command line with `sh -c` in `cwd`, in a group of its own, without secrets, with a time limit. */
export async function runCommand(
  command: string,
  cwd: string,
  { exec, env, signal }: { readonly exec: Exec; readonly env: Env; readonly signal?: AbortSignal },
  timeoutMs = HEAL_LIMIT_MS,
): Promise<CommandResult> {
  const result = await exec(["sh", "-c", command], {
    cwd,
    env: healEnv(env),
    timeoutMs,
    maxBytes: 1024 * 1024,
    ...(signal ? { signal } : {}),
  });
  const output = redact(`${result.stdout}\n${result.stderr}`.trim(), secretValues(env));
  return { ok: result.code === 0, code: result.code, timedOut: result.timedOut, tail: output.slice(-TAIL) };
}
