import type { Command } from "@commander-js/extra-typings";
import { isFinal } from "../../../core/states.ts";
import type { Wait } from "../../../core/wait.ts";
import { waitName } from "../../../core/wait-name.ts";
import { abandonWait } from "../../../watch/owner/abandon.ts";
import type { Context } from "../../program/context.ts";
import { findWait } from "../../show/find-wait.ts";
import { tellEnd } from "../../show/reporting.ts";
import { watchDeps } from "../watch/watching.ts";

export function register(command: Command, context: Context): void {
  command
    .argument("<wait...>", "ids, numbers of pull requests, or names")
    .option("--repo <owner/name>", "the repository that the numbers belong to")
    .action(async (names, options) => {
      const deps = await watchDeps(context);
      const waits: Wait[] = [];
      // Find all before ending the first, so that a mistyped name ends nothing.
      for (const name of names) waits.push(await findWait(deps.store, name, () => context.repo(options.repo)));
      const abandoned: Wait[] = [];
      for (const wait of waits) {
        const ended = isFinal(wait.state) ? null : await abandonWait(wait, deps);
        if (ended) abandoned.push(ended);
        else context.warn(`${waitName(wait)} is over already (${deps.store.find(wait.wait_id)?.state ?? wait.state})`);
      }
      for (const wait of abandoned) tellEnd(context, wait);
      if (context.json) context.printJson({ abandoned: abandoned.map(({ last }) => last) });
    });
}
