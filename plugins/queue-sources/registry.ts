import type { QueueSource } from "../../src/plugin.ts";

type Load = () => Promise<QueueSource>;

/**
 * Every built-in queue source by name, in the order in which they are asked (third parties come after them), each loaded when it is
 * first asked for: `"name": async () => (await import("./name.ts")).default`.
 */
export const queueSources = {
  session: async () => (await import("./session.ts")).default,
  reviews: async () => (await import("./reviews.ts")).default,
  memory: async () => (await import("./memory.ts")).default,
  graph: async () => (await import("./graph.ts")).default,
  docs: async () => (await import("./docs.ts")).default,
  linear: async () => (await import("./linear.ts")).default,
} satisfies Record<string, Load>;

/** The source of an item that is pushed without one. */
export const defaultSource: keyof typeof queueSources = "session";
