import type { Healing } from "../watch/deps.ts";

/** What watching asks of healing; each part is loaded when it is first asked. */
export const healing: Healing = {
  async classify(wait, look, deps) {
    const { classifyWait } = await import("./classify-wait.ts");
    return classifyWait(wait, look, deps);
  },
  async recover(wait, deps) {
    const { recoverHealing } = await import("./cycle.ts");
    return recoverHealing(wait, deps);
  },
};
