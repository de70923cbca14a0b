import { darwinProcesses } from "./darwin.ts";
import type { ProcessFacts } from "./facts.ts";
import { linuxProcesses } from "./linux.ts";

export type { ProcessFacts, ProcessId, ProcessState } from "./facts.ts";
export { isAlive } from "./facts.ts";

/** The facts of this machine. */
export const systemProcesses: ProcessFacts = process.platform === "darwin" ? darwinProcesses : linuxProcesses;
