import { redact, secretValues } from "../../base/redact.ts";
import { type Exec, SHELL } from "../../process/exec.ts";
import { shellEnv } from "../../process/tool-env.ts";
import { withNothingOpen } from "../confine/ways/launch.ts";
import { type FreeSpace, freeSpace, guardSpace } from "./free-space.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Time limit of a heal command. */
const HEAL_LIMIT_MS = 15 * 60_000;
const TAIL = 4_000;

/** How a command of the user's or the project's ended. */
export interface CommandResult {
  readonly ok: boolean;
  readonly code: number | null;
  /** Why p9 ended it; null when it ended by itself. */
  readonly cut: "time limit" | "the disk ran full" | null;
  /** The end of what it printed, redacted. */
  readonly tail: string;
}

/** How a command is run. */
export interface RunsWith {
  readonly exec: Exec;
  /** Its whole environment. */
  readonly env: Env;
  /** The environment whose secret values are masked in what it printed. */
  readonly secretsOf: Env;
  /** Confines a program. @default as it is */
  readonly wrap?: (argv: readonly string[]) => readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** @default {freeSpace} */
  readonly free?: FreeSpace;
}

/** What confines a command is never taken from the repository, so `PATH` is its own in the command only. */
function commandLine(command: string, path: string | undefined): readonly string[] {
  if (path === undefined) return [SHELL, "-c", command];
  return [SHELL, "-c", `PATH=$1; export PATH; exec ${SHELL} -c "$2"`, "p9-heal", path, command];
}

/** Runs one command line with `sh -c` in `cwd`, in a group of its own, with a time limit, and ends it before the disk is full. */
export async function runCommand(
  command: string,
  cwd: string,
  { exec, env, secretsOf, wrap = (argv) => argv, signal, free = freeSpace }: RunsWith,
  timeoutMs = HEAL_LIMIT_MS,
): Promise<CommandResult> {
  const ending = new AbortController();
  const end = () => ending.abort();
  let isFull = false;
  const stop = guardSpace(cwd, free, () => {
    isFull = true;
    end();
  });
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  const result = await exec(withNothingOpen(wrap(commandLine(command, shellEnv(env).PATH))), {
    cwd,
    env,
    timeoutMs,
    maxBytes: 1024 * 1024,
    signal: ending.signal,
  });
  stop();
  signal?.removeEventListener("abort", end);
  const output = redact(`${result.stdout}\n${result.stderr}`.trim(), secretValues(secretsOf));
  const cut = isFull ? "the disk ran full" : result.timedOut ? "time limit" : null;
  return { ok: result.code === 0 && cut === null, code: result.code, cut, tail: output.slice(-TAIL) };
}
