import type { Command } from "@commander-js/extra-typings";
import { rearm } from "../../../watch/owner/recover.ts";
import type { Context } from "../../program/context.ts";
import { recoveredRow } from "../../show/recovered.ts";
import { flow } from "../../show/styled.ts";
import { namePart } from "../../show/wait-parts.ts";
import { watchDeps } from "../watch/watching.ts";

export function register(command: Command, context: Context): void {
  command
    .option("--now", "do not wait for the grace of a watcher that has just died")
    .option("--dry-run", "say what would be done")
    .action(async (options) => {
      const deps = await watchDeps(context);
      const done = await rearm(deps, { now: options.now ?? false, dryRun: options.dryRun ?? false });
      if (context.json) return context.printJson({ rearmed: done.map(recoveredRow) });
      for (const { wait, what, reason, pid } of done) {
        const cells = [what, namePart(wait), reason, pid === null ? "" : `pid=${pid}`];
        context.printParts(...flow(cells, context.columns, 4));
      }
      if (done.length === 0) context.print("nothing to re-arm: every wait has its watcher");
    });
}
