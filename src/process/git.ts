import type { Exec, ExecResult } from "../base/exec-types.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where git is run, and with what. A plugin's context is one. */
export interface GitPlace {
  readonly exec: Exec;
  readonly env: Env;
  readonly cwd: string;
  readonly signal?: AbortSignal;
}

/** What one call of git may cost. */
export interface GitLimits {
  /** @default {10_000} */
  readonly timeoutMs?: number;
  /** Bytes kept of its output. @default {16 MiB} */
  readonly maxBytes?: number;
}

/** Programs that a repository's configuration names do not run, and no address starts one. */
const SAFE = ["core.hooksPath=/dev/null", "core.fsmonitor=false", "protocol.ext.allow=never"];
const FLAGS = SAFE.flatMap((setting) => ["-c", setting]);

/**
 * Runs git in a folder, and on the repository of that folder whatever the environment says: see {@link gitEnv}. No hook and no
 * monitor runs, nothing is asked at a terminal. It never rejects: see {@link ExecResult}.
 */
export function git(place: GitPlace, args: readonly string[], limits: GitLimits = {}): Promise<ExecResult> {
  const { exec, env, cwd, signal } = place;
  return exec(["git", ...FLAGS, ...args], {
    cwd,
    env: gitEnv(env),
    timeoutMs: limits.timeoutMs ?? 10_000,
    ...(limits.maxBytes === undefined ? {} : { maxBytes: limits.maxBytes }),
    ...(signal ? { signal } : {}),
  });
}

/** Trimmed stdout, or null when git failed. */
export async function askGit(place: GitPlace, args: readonly string[], limits: GitLimits = {}): Promise<string | null> {
  const { code, stdout } = await git(place, args, limits);
  return code === 0 ? stdout.trim() : null;
}

/** Root of the working tree that a folder lies in, or null: it lies in none. */
export function workTreeOf(place: GitPlace, limits: GitLimits = {}): Promise<string | null> {
  return askGit(place, ["rev-parse", "--show-toplevel"], limits);
}

/** Who the user is, how servers are reached, where the user's own configuration and git's programs lie. */
const KEPT =
  /^GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)|ASKPASS|SSH(?:_COMMAND|_VARIANT)?|PROXY_COMMAND|ALLOW_PROTOCOL|PROTOCOL_FROM_USER|(?:PROXY_)?SSL_\w+|HTTP_\w+|LFS_\w+|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/;
/** Configuration of the same kind, for where an environment brings it (`GIT_CONFIG_COUNT`). */
const KEPT_CONFIG =
  /^(?:credential|http|url|user|author|committer|ssh|safe)\.|^core\.(?:sshcommand|askpass|gitproxy)$/i;

/**
 * The environment of p9's own git. Inside a git hook or `rebase --exec`, variables say which repository, working tree, index and
 * configuration git is to use: they are about the command that is under way, and none of them is passed on. Nor is a trace,
 * because a session's pushes are told from others by its trace, and what p9 pushes is not the session's.
 */
export function gitEnv(env: Env): Env {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("GIT_") || KEPT.test(name));
  return {
    ...Object.fromEntries(kept),
    ...configOf(env),
    GIT_TERMINAL_PROMPT: "0",
    GIT_TRACE2_EVENT: "0",
    GIT_OPTIONAL_LOCKS: "0",
  };
}

function configOf(env: Env): Env {
  const pairs = Array.from({ length: Math.min(Number(env.GIT_CONFIG_COUNT) || 0, 1_000) }, (_, at) => [
    env[`GIT_CONFIG_KEY_${at}`] ?? "",
    env[`GIT_CONFIG_VALUE_${at}`] ?? "",
  ]).filter(([key = ""]) => KEPT_CONFIG.test(key));
  if (pairs.length === 0) return {};
  const numbered = pairs.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...Object.fromEntries(numbered) };
}

/** Asks git in one folder, for whoever must be quick. */
export interface Git {
  readonly cwd: string;
  /** Trimmed stdout, or null when git failed. */
  (args: readonly string[]): Promise<string | null>;
}

/** {@link askGit} bound to a folder, ended after two seconds: for hooks. */
export function quickGit(place: GitPlace): Git {
  const limits = { timeoutMs: 2_000, maxBytes: 1 << 20 };
  return Object.assign((args: readonly string[]) => askGit(place, args, limits), { cwd: place.cwd });
}
