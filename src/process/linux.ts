import { readFileSync } from "node:fs";
import type { ProcessFacts, ProcessState } from "./facts.ts";

let boot: string | undefined;

/** Process facts from `/proc` (proc(5)): start time is field 22 of `stat`, the exit code of a zombie field 52. */
export const linuxProcesses: ProcessFacts = {
  self: () => ({ pid: process.pid, pid_start: inspect(process.pid).start, boot_id: bootId() }),
  bootId,
  inspect,
};

function bootId(): string {
  boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return boot;
}

function inspect(pid: number): ProcessState {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return { state: "gone", start: "" };
  }
  // Count fields behind the last parenthesis, because a program's name may contain anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const start = fields[19] ?? "";
  const state = fields[0] ?? "";
  if (state !== "Z" && state !== "X") return { state: "running", start };
  const status = Number(fields[49]);
  return { state: "zombie", start, exitCode: Number.isInteger(status) ? exitCodeOf(status) : null };
}

/** Exit code of a wait status: the code itself, or 128 + the signal's number as shells say it. */
function exitCodeOf(status: number): number {
  const signal = status & 0x7f;
  return signal === 0 ? (status >> 8) & 0xff : 128 + signal;
}
