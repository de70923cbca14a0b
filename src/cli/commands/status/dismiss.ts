import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../core/errors.ts";
import { isRunning } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import type { Context } from "../../program/context.ts";
import { findWait } from "../../show/find-wait.ts";

/** `p9 dismiss`: ended waits leave `status`, until they are watched again or end anew. */
export function register(command: Command, context: Context): void {
  command
    .argument("<wait...>", "ids, numbers of pull requests, or names of waits that ended")
    .option("--repo <owner/name>", "the repository that the numbers belong to")
    .action(async (names, options) => {
      const store = await context.store();
      const waits: Wait[] = [];
      // Find all before dismissing the first, so that a mistyped name dismisses nothing.
      for (const name of names) waits.push(ended(await findWait(store, name, () => context.repo(options.repo))));
      await store.commit((view) =>
        waits.flatMap(({ wait_id, ts }) => {
          const now = view.waits.get(wait_id);
          return now?.ts === ts ? [{ type: "wait.dismissed", wait_id } as const] : [];
        }),
      );
      if (context.json) context.printJson({ dismissed: waits.map(({ wait_id }) => wait_id) });
      else for (const wait of waits) context.print(`${waitName(wait)} left the status`);
    });
}

/** @throws {UsageError} for a wait that still runs. */
function ended(wait: Wait): Wait {
  if (!isRunning(wait.state)) return wait;
  throw new UsageError(`Cannot dismiss ${waitName(wait)}: it is still watched`, {
    hint: `p9 abandon ${wait.wait_id} ends it`,
  });
}
