import type { Notifier } from "../../src/plugin.ts";

type Load = () => Promise<Notifier>;

/** Every built-in notifier by name, each loaded when it is first asked for: `"name": async () => (await import("./name.ts")).default`. */
export const notifiers = {} satisfies Record<string, Load>;
