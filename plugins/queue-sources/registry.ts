import type { QueueSource, SOURCE_ORDER } from "../../src/plugin.ts";

type Load = () => Promise<QueueSource>;

/** Every built-in queue source by name, each loaded when it is first asked for: `"name": async () => (await import("./name.ts")).default`. */
export const queueSources = {
  session: async () => (await import("./session.ts")).default,
  memory: async () => (await import("./memory.ts")).default,
  graph: async () => (await import("./graph.ts")).default,
  docs: async () => (await import("./docs.ts")).default,
  linear: async () => (await import("./linear.ts")).default,
} satisfies Record<(typeof SOURCE_ORDER)[number], Load>;
