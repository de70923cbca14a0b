import { spawnSync } from "node:child_process";
import type { ProcessFacts, ProcessState } from "./facts.ts";
import { toolEnv } from "./tool-env.ts";

let boot: string | undefined;

/** Process facts on macOS from `ps` and `sysctl`. Not tested by the project's CI, which has no macOS. */
export const darwinProcesses: ProcessFacts = {
  self: () => ({ pid: process.pid, pid_start: inspect(process.pid).start, boot_id: bootId() }),
  bootId,
  inspect,
};

function bootId(): string {
  boot ??= output("sysctl", ["-n", "kern.boottime"]).replace(/.*sec = (\d+),.*/s, "$1");
  return boot;
}

function inspect(pid: number): ProcessState {
  const line = output("ps", ["-o", "stat=,lstart=", "-p", String(pid)]);
  if (!line) return { state: "gone", start: "" };
  const [stat = "", ...start] = line.split(/\s+/);
  return { state: stat.startsWith("Z") ? "zombie" : "running", start: start.join(" ") };
}

function output(program: string, args: string[]): string {
  return spawnSync(program, args, { encoding: "utf8", env: toolEnv(process.env), timeout: 5_000 }).stdout?.trim() ?? "";
}
