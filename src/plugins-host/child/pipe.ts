import type { Ask, ModuleLine } from "../call/protocol.ts";

/** How the plugin's process talks to p9. */
export interface Pipe {
  ask(what: Ask, args: readonly unknown[]): Promise<unknown>;
  send(line: ModuleLine): void;
}
