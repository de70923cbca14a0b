import type { Exec, ExecResult } from "../base/exec-types.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The place that git runs in. A plugin's context is one. */
export interface GitPlace {
  readonly exec: Exec;
  readonly env: Env;
  readonly cwd: string;
  readonly signal?: AbortSignal;
}

/** Limits of one call of git. */
export interface GitLimits {
  /** @default {10_000} */
  readonly timeoutMs?: number;
  /** Bytes kept of its output. @default {16 MiB} */
  readonly maxBytes?: number;
  /** Text for its standard input. */
  readonly input?: string;
}

/** Programs that a repository's configuration names do not run, and no address starts one. */
const SAFE = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "protocol.ext.allow=never",
  "log.showSignature=false",
];
const FLAGS = SAFE.flatMap((setting) => ["-c", setting]);

/**
 * Runs git on the repository that a folder lies in, whatever git's variables in the environment say: inside a git hook they name
 * another. No hook and no monitor of the repository runs, and nothing is asked at a terminal. It never rejects: see
 * {@link ExecResult}.
 */
export function git(place: GitPlace, args: readonly string[], limits: GitLimits = {}): Promise<ExecResult> {
  const { exec, env, cwd, signal } = place;
  return exec(["git", ...FLAGS, ...args], {
    cwd,
    env: gitEnv(env),
    timeoutMs: limits.timeoutMs ?? 10_000,
    ...(limits.maxBytes === undefined ? {} : { maxBytes: limits.maxBytes }),
    ...(limits.input === undefined ? {} : { input: limits.input }),
    ...(signal ? { signal } : {}),
  });
}

/** Runs git as {@link git} does. Trimmed stdout, or null when git failed. */
export async function askGit(place: GitPlace, args: readonly string[], limits: GitLimits = {}): Promise<string | null> {
  const { code, stdout } = await git(place, args, limits);
  return code === 0 ? stdout.trim() : null;
}

/**
 * Flags that switch off every filter that git's configuration defines: a file of a commit chooses which of these programs run, and
 * what they load (`.lfsconfig`). Null when one cannot be switched off.
 */
export async function withoutFilters(place: GitPlace): Promise<readonly string[] | null> {
  const found = await git(place, ["config", "-z", "--name-only", "--get-regexp", FILTERS]);
  // 1: there is none.
  if (found.code !== 0) return found.code === 1 ? [] : null;
  const names = found.stdout.split("\0").filter((name) => name !== "");
  const drivers = [...new Set(names.map((name) => name.slice(0, name.lastIndexOf("."))))];
  if (drivers.some((name) => name.includes("="))) return null;
  const off = ["clean=", "smudge=", "process=", "required=false"];
  return drivers.flatMap((name) => off.flatMap((setting) => ["-c", `${name}.${setting}`]));
}

const FILTERS = String.raw`^filter\..*\.(clean|smudge|process|required)$`;

/** Root of the working tree that a folder lies in, or null: it lies in none. */
export function workTreeOf(place: GitPlace, limits: GitLimits = {}): Promise<string | null> {
  return askGit(place, ["rev-parse", "--show-toplevel"], limits);
}

/** Variables of git that are passed on: the user's identity, access to servers, the user's configuration, git's programs. */
const KEPT =
  /^GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)|ASKPASS|SSH(?:_COMMAND|_VARIANT)?|PROXY_COMMAND|ALLOW_PROTOCOL|PROTOCOL_FROM_USER|(?:PROXY_)?SSL_\w+|HTTP_\w+|LFS_\w+|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/;
/** The same for configuration in the environment (`GIT_CONFIG_COUNT`). */
const KEPT_CONFIG =
  /^(?:credential|http|url|user|author|committer|ssh|safe)\.|^core\.(?:sshcommand|askpass|gitproxy)$/i;

/**
 * The environment of p9's own git. Drops the variables of a running git hook or `rebase --exec` that name another repository,
 * working tree, index or configuration. Drops the trace too, because a session's pushes are found by its trace, and p9's own
 * pushes are not the session's.
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

/** Git in one folder with a short time limit. */
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
