import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { signalProcess } from "../../process/exec.ts";

/** Variable that every process of a plugin call inherits: `<pid namespace>.<pid of p9>.<number of the call>`. */
export const MARK = "P9_PLUGIN_CALL";

let calls = 0;

/** A mark for one call. */
export function newMark(): string {
  calls += 1;
  return `${namespace()}.${process.pid}.${calls}`;
}

/** The pid namespace, because p9 in a container and p9 beside it must not judge each other's pids. */
function namespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replace(/\D/g, "") || "0";
  } catch {
    return "0";
  }
}

/**
 * Ends the processes that carry a call's mark, including those in process groups of their own, and those of calls whose p9 is
 * gone. Linux only (elsewhere only the process group can be ended).
 */
export function endMarked(mark: string): void {
  for (const pid of processes()) {
    const found = pid === process.pid ? undefined : markOf(pid);
    if (found !== undefined && (found === mark || isOrphan(found))) signalProcess(pid, "SIGKILL");
  }
}

function processes(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function markOf(pid: number): string | undefined {
  try {
    const environ = readFileSync(`/proc/${pid}/environ`, "latin1");
    return environ.includes(MARK) ? new RegExp(`(?:^|\0)${MARK}=([^\0]*)`).exec(environ)?.[1] : undefined;
  } catch {
    return undefined; // Another user's process, or one that has just ended.
  }
}

function isOrphan(mark: string): boolean {
  const [space, owner] = mark.split(".");
  return space === namespace() && Number(owner) > 1 && !signalProcess(Number(owner), 0);
}
