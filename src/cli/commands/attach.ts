import type { Command } from "@commander-js/extra-typings";
import { waitLabel } from "../../core/wait.ts";
import { attend } from "../../watch/inbox-attend.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { findWait } from "../find-wait.ts";
import { followWait } from "../follow-wait.ts";
import { openDisplay } from "../live.ts";
import { endWith } from "../reporting.ts";
import { trapSignals } from "../signals.ts";
import { watchDeps } from "../watching.ts";

export function register(command: Command, context: Context): void {
  command
    .argument("<wait>", "an id, a pull request's number, or a name")
    .option("--repo <owner/name>", "the repository that the number belongs to")
    .action(async (name, options) => {
      const deps = await watchDeps(context);
      const wait = await findWait(deps.store, name, () => context.repo(options.repo));
      const { signal, release } = trapSignals();
      const display = openDisplay(context);
      const attending = attend(deps.store, wait.wait_id, await context.session());
      const ended = await followWait(wait, { display, signal }, context, deps);
      display.end();
      release();
      if (ended) {
        endWith(context, ended);
        await attending.printed();
      }
      attending.release();
      if (ended) return;
      context.warn(`${waitLabel(wait)} is still watched; p9 attach ${wait.wait_id} follows it again`);
      context.exit(EXIT.stillWaiting);
    });
}
