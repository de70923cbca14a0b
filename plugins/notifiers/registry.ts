import type { Notifier } from "../../src/plugin.ts";

type Load = () => Promise<Notifier>;

/** Every built-in notifier by name, each loaded when it is first asked for: `"name": async () => (await import("./name.ts")).default`. */
export const notifiers = {
  ntfy: async () => (await import("./ntfy.ts")).default,
  webhook: async () => (await import("./webhook.ts")).default,
  command: async () => (await import("./command.ts")).default,
  desktop: async () => (await import("./desktop.ts")).default,
  terminal: async () => (await import("./terminal.ts")).default,
} satisfies Record<string, Load>;

/** Those that set-up offers, the first of which that can deliver. */
export const offered = ["desktop", "terminal"] as const satisfies readonly (keyof typeof notifiers)[];
