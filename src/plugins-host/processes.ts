import { detach, endGroup } from "../exec.ts";
import type { Processes } from "../plugin.ts";
import { type ProcessFacts, systemProcesses } from "../watch/process.ts";

/** What a plugin can do with processes that outlive a look. */
export function pluginProcesses(facts: ProcessFacts = systemProcesses): Processes {
  return {
    bootId: () => facts.bootId(),
    inspect: (pid) => facts.inspect(pid),
    detach,
    endGroup: (pid) => endGroup(pid),
  };
}
