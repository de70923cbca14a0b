import type { Command } from "@commander-js/extra-typings";
import { isFinal } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import { abandonWait } from "../../../watch/owner/abandon.ts";
import type { Context } from "../../program/context.ts";
import { findAll } from "../../show/find-wait.ts";
import { tellEnd } from "../../show/reporting.ts";
import { watchDeps } from "../watch/watching.ts";

export function register(command: Command, context: Context): void {
  command
    .argument("<wait...>", "ids, numbers of pull requests (every wait of each), or names")
    .option("--repo <owner/name>", "the repository that the numbers belong to")
    .action(async (names, options) => {
      const deps = await watchDeps(context);
      const waits: Wait[] = [];
      // Find all before ending the first, so that a mistyped name ends nothing.
      for (const name of names)
        waits.push(...openOrFirst(await findAll(deps.store, name, () => context.repo(options.repo))));
      const abandoned: Wait[] = [];
      for (const wait of new Map(waits.map((one) => [one.wait_id, one])).values()) {
        const ended = isFinal(wait.state) ? null : await abandonWait(wait, deps);
        if (ended) abandoned.push(ended);
        else context.warn(`${waitName(wait)} is over already (${deps.store.find(wait.wait_id)?.state ?? wait.state})`);
      }
      for (const wait of abandoned) tellEnd(context, wait);
      if (context.json) context.printJson({ abandoned: abandoned.map(({ last }) => last) });
    });
}

/** The waits that are not over, or where all are the one that the name means first. */
function openOrFirst(waits: readonly Wait[]): readonly Wait[] {
  const open = waits.filter(({ state }) => !isFinal(state));
  return open.length > 0 ? open : waits.slice(0, 1);
}
