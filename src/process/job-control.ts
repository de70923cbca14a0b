import { readFileSync } from "node:fs";

/** Whether a shell waits that can continue this process: without one, in the group of the session's leader, it would stop for good. */
export function hasShell(): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const [, , group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return group !== session;
  } catch {
    return true;
  }
}
