import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs the command and writes its exit code beside it, so that the result outlives whoever watches. The command's words arrive
 * as arguments and are never parsed; a signal to the group ends the command and is recorded as 128 + its number. A disk that is
 * full when the command ends is waited for.
 */
const SCRIPT = `dir=$1; shift
trap : TERM INT HUP
echo $$ > "$dir/pid.tmp" && mv "$dir/pid.tmp" "$dir/pid"
"$@"
code=$?
n=0
until echo $code > "$dir/exit.tmp" && mv "$dir/exit.tmp" "$dir/exit"; do
  n=$((n + 1)); [ $n -ge 3600 ] && exit $code
  sleep 1
done`;

/** The command line that runs `argv` on the trampoline; `dir` receives `pid` and `exit`. */
export function trampoline(dir: string, argv: readonly string[]): readonly string[] {
  return ["/bin/sh", "-c", SCRIPT, "p9-build", dir, ...argv];
}

/** Makes the folder of a run. False when it was there: the run was started before. */
export function claimRun(dir: string): boolean {
  if (existsSync(dir)) return false;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return true;
}

/** The number in a file that the trampoline wrote, or null. */
export function readNumber(path: string): number | null {
  try {
    const text = readFileSync(path, "utf8").trim();
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
