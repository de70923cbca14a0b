import type { ProcessFacts } from "../../../src/process/this-machine.ts";

/** A process table with nobody in it but this process. */
export const alone: ProcessFacts = {
  self: () => ({ pid: 100, pid_start: "s100", boot_id: "boot" }),
  bootId: () => "boot",
  inspect: (pid) => (pid === 100 ? { state: "running", start: "s100" } : { state: "gone", start: "" }),
};
