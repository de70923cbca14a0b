import type { JsonObject, LookContext, PluginContext } from "../../../../src/plugin.ts";

/** What a code provider's `look` gets; what it remembers is given to the next look. */
export function lookContext(context: PluginContext, more: Partial<LookContext> = {}): LookContext {
  let memory: JsonObject = {};
  return {
    ...context,
    pin: { ref: "x", key: "x", identity: {}, complete: true },
    waitId: "w1",
    logFile: "",
    options: {},
    look: 0,
    since: context.clock.now(),
    slow: false,
    get memory() {
      return memory;
    },
    remember: (next: JsonObject) => {
      memory = next;
    },
    ...more,
  };
}
