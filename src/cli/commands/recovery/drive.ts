import { type Command, Option } from "@commander-js/extra-typings";
import { counted } from "../../../base/text.ts";
import { needsWatcher } from "../../../core/wait.ts";
import { leave } from "../../../process/leave.ts";
import type { WatchDeps } from "../../../watch/deps.ts";
import { drive } from "../../../watch/owner/driver.ts";
import type { Context } from "../../program/context.ts";
import { trapSignals } from "../../program/signals.ts";
import { takeIn, watchDeps } from "../watch/watching.ts";

function openWaits({ store }: WatchDeps): number {
  return [...store.read().waits.values()].filter(needsWatcher).length;
}

export function register(command: Command, context: Context): void {
  command
    .addOption(new Option("--on-demand", "end when nothing is left to watch").hideHelp())
    .addOption(new Option("--wait <id>", "watch this wait only").hideHelp())
    .action(async (options) => {
      const deps = await watchDeps(context);
      const onDemand = options.onDemand ?? false;
      const { signal, release } = trapSignals();
      if (!onDemand && options.wait === undefined) await takeIn(context, deps);
      const isTyped = !onDemand && options.wait === undefined && context.forPeople;
      if (isTyped) context.warn(`Watching ${counted(openWaits(deps), "open wait")}, and what comes; Ctrl-C ends it`);
      await drive(deps, {
        onDemand,
        signal,
        report: (line) => context.stderr(`${line}\n`),
        ...(options.wait === undefined ? {} : { waitId: options.wait }),
      });
      if (isTyped && !signal.aborted) context.warn("Another process watches all of it already (p9 status)");
      await deps.store.settled();
      release();
      leave();
    });
}
