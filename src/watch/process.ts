import { darwinProcesses } from "./process-darwin.ts";
import type { ProcessFacts } from "./process-facts.ts";
import { linuxProcesses } from "./process-linux.ts";

export type { ProcessFacts, ProcessId, ProcessState } from "./process-facts.ts";
export { isAlive } from "./process-facts.ts";

/** The facts of this machine. */
export const systemProcesses: ProcessFacts = process.platform === "darwin" ? darwinProcesses : linuxProcesses;
