import type { Command } from "@commander-js/extra-typings";
import { reap } from "../../../watch/owner/recover.ts";
import type { Context } from "../../program/context.ts";
import { recoveredRow } from "../../show/recovered.ts";
import { tellEnd } from "../../show/reporting.ts";
import { flow } from "../../show/styled.ts";
import { namePart } from "../../show/wait-parts.ts";
import { watchDeps } from "../watch/watching.ts";

export function register(command: Command, context: Context): void {
  command
    .option("--now", "do not wait for the grace of a watcher that has just died")
    .option("--no-reconcile", "do not look at the targets once more first")
    .action(async (options) => {
      const deps = await watchDeps(context);
      const done = await reap(deps, { now: options.now ?? false, reconcile: options.reconcile });
      const reaped = done.filter(({ what }) => what === "reaped");
      for (const { wait } of reaped) tellEnd(context, wait);
      if (context.json) {
        const rest = done.filter(({ what }) => what !== "reaped").map(recoveredRow);
        return context.printJson({ reaped: reaped.map(({ wait }) => wait.last), others: rest });
      }
      for (const { wait, what, reason } of done)
        context.printParts(...flow([what, namePart(wait), reason], context.columns, 4));
      if (done.length === 0) context.print("nothing to reap: every wait has its watcher");
    });
}
