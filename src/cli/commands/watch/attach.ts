import type { Command } from "@commander-js/extra-typings";
import { EXIT } from "../../../core/exit-codes.ts";
import { isRunning } from "../../../core/states.ts";
import { waitName } from "../../../core/wait-name.ts";
import { attend } from "../../../inbox/attended.ts";
import type { Context } from "../../program/context.ts";
import { trapSignals } from "../../program/signals.ts";
import { findWait, findWaitHere, WAIT_ARGUMENT } from "../../show/find-wait.ts";
import { followWait } from "../../show/follow-wait.ts";
import { openDisplay } from "../../show/live.ts";
import { cameToEnd, finish } from "../../show/reporting.ts";
import { ring } from "../../show/ring.ts";
import { watchDeps } from "./watching.ts";

export function register(command: Command, context: Context): void {
  command
    .argument("[wait]", `${WAIT_ARGUMENT}; default: that of this branch`)
    .option("--repo <owner/name>", "the repository that the number belongs to")
    .action(async (name, options) => {
      const deps = await watchDeps(context);
      const repo = () => context.repo(options.repo);
      const wait = await (name === undefined
        ? findWaitHere(deps.store, context, repo)
        : findWait(deps.store, name, repo));
      const { signal, release } = trapSignals();
      const display = openDisplay(context);
      const attending = attend(deps.store, wait.wait_id, await context.session());
      const ended = await followWait(wait, { display, signal }, context, deps);
      display.end();
      release();
      if (ended) {
        finish(context, cameToEnd(context, ended));
        await attending.printed();
        if (isRunning(wait.state)) await ring(ended, context);
      }
      attending.release();
      if (ended) return;
      context.warn(`${waitName(wait)} is still watched; p9 attach ${wait.wait_id} follows it again`);
      context.exit(EXIT.stillWaiting);
    });
}
