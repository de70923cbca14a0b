import { type Command, Option } from "@commander-js/extra-typings";
import { leave } from "../../../process/leave.ts";
import { drive } from "../../../watch/owner/driver.ts";
import type { Context } from "../../program/context.ts";
import { trapSignals } from "../../program/signals.ts";
import { takeIn, watchDeps } from "../watch/watching.ts";

export function register(command: Command, context: Context): void {
  command
    .addOption(new Option("--on-demand", "end when nothing is left to watch").hideHelp())
    .addOption(new Option("--wait <id>", "watch this wait only").hideHelp())
    .action(async (options) => {
      const deps = await watchDeps(context);
      const onDemand = options.onDemand ?? false;
      const { signal, release } = trapSignals();
      if (!onDemand && options.wait === undefined) await takeIn(context, deps);
      await drive(deps, {
        onDemand,
        signal,
        report: (line) => context.stderr(`${line}\n`),
        ...(options.wait === undefined ? {} : { waitId: options.wait }),
      });
      await deps.store.settled();
      release();
      leave();
    });
}
