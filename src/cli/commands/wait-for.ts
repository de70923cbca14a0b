import type { Command } from "@commander-js/extra-typings";
import { addOptionFlags, givenOptions } from "../../plugins-host/option-flags.ts";
import { checkOptions } from "../../plugins-host/options.ts";
import { builtInWaitKind } from "../../plugins-host/resolve.ts";
import type { Context } from "../context.ts";
import { spanValue } from "../values.ts";
import { runWatch } from "../watch/run-watch.ts";

/** `p9 wait-for <name> --cmd …`: `watch command`, where every non-zero exit is "not yet" unless `--fail-codes` says otherwise. */
export async function register(command: Command, context: Context): Promise<void> {
  const kind = await builtInWaitKind("command");
  if (!kind) throw new Error('The built-in wait kind "command" is missing');
  const specs = kind.options ?? {};
  const waitFor = command
    .argument("<name>", "what people call it")
    .option("--background", "register, start the watcher and return")
    .option("--timeout <time>", "end the wait after so long", spanValue)
    .option("--interval <time>", "run the command every so often", spanValue)
    .option("--slice <time>", "return after so long with exit 8; the wait goes on in the background", spanValue)
    .option("--adopt", "take over from a dead watcher at once")
    .option("--force", "replace a live watcher")
    .option("--dry-run", "say what would be watched");
  addOptionFlags(waitFor, specs);
  waitFor.action((name, options) => {
    const given = { "fail-codes": ["none"], ...defined(givenOptions(waitFor, specs)) };
    const checked = checkOptions('wait kind "command"', specs, given);
    return runWatch({ kind, ref: name, argv: context.rest ?? [], options: checked, repo: undefined }, options, context);
  });
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
