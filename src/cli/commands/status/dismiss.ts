import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../core/errors.ts";
import { isFinal, isRunning } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import type { Context } from "../../program/context.ts";
import { findEnded } from "../../show/find-wait.ts";

/** `p9 dismiss`: ended waits leave `status`, until they are watched again or end anew. */
export function register(command: Command, context: Context): void {
  command
    .argument("[wait...]", "ids, numbers of pull requests (every wait of each that ended), or names")
    .option("--ended", "every wait that ended")
    .option("--repo <owner/name>", "the repository that the numbers belong to")
    .action(async (names, options) => {
      if (names.length === 0 && !options.ended)
        throw new UsageError("Cannot tell what to dismiss: wanted a wait that ended, or --ended");
      const store = await context.store();
      const waits = new Map<string, Wait>();
      if (options.ended)
        for (const wait of store.read().waits.values())
          if (!isRunning(wait.state) && !isFinal(wait.state) && wait.extra.dismissed !== true)
            waits.set(wait.wait_id, wait);
      // Find all before dismissing the first, so that a mistyped name dismisses nothing.
      for (const name of names)
        for (const wait of await findEnded(store, name, () => context.repo(options.repo)))
          waits.set(wait.wait_id, wait);
      await store.commit((view) =>
        [...waits.values()].flatMap(({ wait_id, ts }) => {
          const now = view.waits.get(wait_id);
          return now?.ts === ts ? [{ type: "wait.dismissed", wait_id } as const] : [];
        }),
      );
      if (context.json) return context.printJson({ dismissed: [...waits.keys()] });
      for (const wait of waits.values()) context.print(`${waitName(wait)} left the status`);
      if (waits.size === 0) context.print("no ended wait stands in the status");
    });
}
