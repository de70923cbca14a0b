import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../core/errors.ts";
import { leave } from "../../../process/leave.ts";
import type { CommandModule, CommandRow } from "../../program/command-row.ts";
import type { Context } from "../../program/context.ts";
import { trapSignals } from "../../program/signals.ts";
import { Endings } from "./held/endings.ts";
import { Heals } from "./held/heals.ts";
import { serve } from "./serve.ts";

/** `p9 mcp`: an MCP server on standard input and output. What its tools do, commands of `rows` do. */
export function mcpOf(rows: readonly CommandRow[]): CommandModule {
  return {
    register: (command: Command, context: Context) => {
      command.action(async () => {
        if (context.json) throw new UsageError("Cannot use --json: standard output carries the protocol");
        if (context.forPeople && process.stdin.isTTY)
          context.warn("This is for clients, which start it by themselves (references/mcp.md); Ctrl-C ends it");
        const { signal, release } = trapSignals();
        const stop = new AbortController();
        signal.addEventListener("abort", () => stop.abort(), { once: true });
        await serve({ rows, context, endings: new Endings(), heals: new Heals(context.clock), stop });
        release();
        leave();
      });
    },
  };
}
