import type { Healing } from "../watch/deps.ts";

/** Implements {@link Healing}; each part is loaded on first use. */
export const healing: Healing = {
  async classify(wait, look, deps) {
    const { classifyWait } = await import("./classify-wait.ts");
    return classifyWait(wait, look, deps);
  },
  async ended(wait, parts, deps) {
    const { jobsEnded } = await import("./evidence/jobs-ended.ts");
    await jobsEnded(wait, parts, deps);
  },
  async recover(wait, deps) {
    const { recoverHealing } = await import("./cycle.ts");
    return recoverHealing(wait, deps);
  },
};
