import type { Notifier } from "../../src/plugin.ts";

type Load = () => Promise<Notifier>;

/** Every built-in notifier by name, each loaded when it is first asked for: `"name": async () => (await import("./name.ts")).default`. */
export const notifiers = {
  ntfy: async () => (await import("./ntfy.ts")).default,
  webhook: async () => (await import("./webhook.ts")).default,
  command: async () => (await import("./command.ts")).default,
} satisfies Record<string, Load>;
