import type { QueueSource } from "../../src/plugin.ts";

type Load = () => Promise<QueueSource>;

/** Every built-in queue source by name, each loaded when it is first asked for: `"name": async () => (await import("./name.ts")).default`. */
export const queueSources = {} satisfies Record<string, Load>;
