import type { Processes } from "../../contract/context.ts";
import { detach, endGroup } from "../../process/exec.ts";
import { type ProcessFacts, systemProcesses } from "../../process/this-machine.ts";

/** What a plugin can do with processes that outlive a look. */
export function pluginProcesses(facts: ProcessFacts = systemProcesses): Processes {
  return {
    bootId: () => facts.bootId(),
    inspect: (pid) => facts.inspect(pid),
    detach,
    endGroup: (pid) => endGroup(pid),
  };
}
