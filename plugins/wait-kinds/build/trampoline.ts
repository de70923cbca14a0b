import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSmallFile } from "../../../src/plugin.ts";

/**
 * Runs the command and writes its exit code beside it, so that the result outlives whoever watches. The command's words arrive
 * as arguments and are never parsed; a signal to the group ends the command and is recorded as 128 + its number. The files
 * are there before the command starts and are written in place, so that a disk that fills meanwhile costs no result.
 */
const SCRIPT = `dir=$1; shift
trap : TERM INT HUP
printf '%-9s\\n' $$ 1<> "$dir/pid.tmp" && mv "$dir/pid.tmp" "$dir/pid"
"$@"
code=$?
printf '%-9s\\n' $code 1<> "$dir/exit.tmp" && mv "$dir/exit.tmp" "$dir/exit"`;

/** The command line that runs `argv` on the trampoline; `dir` receives `pid` and `exit`. */
export function trampoline(dir: string, argv: readonly string[]): readonly string[] {
  return ["/bin/sh", "-c", SCRIPT, "p9-build", dir, ...argv];
}

/** Makes the folder of a run and what it will be written to. False when it was there: the run was started before. */
export function claimRun(dir: string): boolean {
  if (existsSync(dir)) return false;
  const making = `${dir}.new`;
  mkdirSync(making, { recursive: true, mode: 0o700 });
  for (const name of ["pid.tmp", "exit.tmp"]) writeFileSync(join(making, name), `${" ".repeat(9)}\n`, { mode: 0o600 });
  renameSync(making, dir);
  return true;
}

/** The number in a file that the trampoline wrote, or null. */
export function readNumber(path: string): number | null {
  try {
    const text = readSmallFile(path).trim();
    return /^\d+$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}

/** The command's exit code, once it has ended. */
export function exitOf(dir: string): number | null {
  return readNumber(join(dir, "exit"));
}

/** The trampoline's pid, once it runs. */
export function pidOf(dir: string): number | null {
  return readNumber(join(dir, "pid"));
}
