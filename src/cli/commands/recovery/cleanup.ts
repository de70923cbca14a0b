import type { Command } from "@commander-js/extra-typings";
import { EXIT } from "../../../core/exit-codes.ts";
import { waitName } from "../../../core/wait-name.ts";
import { type Cleaned, cleanUp } from "../../../watch/owner/cleanup.ts";
import type { Context } from "../../program/context.ts";
import { watchDeps } from "../watch/watching.ts";

export function register(command: Command, context: Context): void {
  command.action(async () => {
    const deps = await watchDeps(context);
    const found = await cleanUp(deps);
    const of = (what: Cleaned["what"]) => found.filter((one) => one.what === what);
    if (context.json) {
      context.printJson({ ended: of("ended").map(row), open: of("open").map(row), unknown: of("unknown").map(row) });
    } else if (found.length === 0) context.print("no open pull requests");
    else
      for (const { wait, what, reason } of found)
        context.print(`${waitName(wait)}: ${what === "ended" ? wait.state : `stays ${wait.state}`} (${reason})`);
    await deps.store.settled();
    context.exit(of("unknown").some(({ wait }) => wait.repo !== null) ? EXIT.external : EXIT.ok);
  });
}

function row({ wait, reason }: Cleaned) {
  const { wait_id, pr, repo, state } = wait;
  return { wait_id, pr, repo, state, reason };
}
