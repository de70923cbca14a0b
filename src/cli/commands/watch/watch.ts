import type { Command } from "@commander-js/extra-typings";
import type { WaitKind } from "../../../contract/wait-kind.ts";
import { UsageError } from "../../../core/errors.ts";
import { addOptionFlags, givenOptions } from "../../../plugins-host/parts/option-flags.ts";
import { checkOptions } from "../../../plugins-host/parts/options.ts";
import type { Context } from "../../program/context.ts";
import { spanValue } from "../../program/values.ts";
import { chooseKind } from "./choose-kind.ts";
import { kindsHelp } from "./kinds-help.ts";
import { runWatch } from "./run-watch.ts";

export async function register(command: Command, context: Context): Promise<void> {
  const kind = await chooseKind(context, context);
  const specs = kind.options ?? {};
  const watch = command
    .usage("[kind] [ref] [options] [-- cmd…]")
    .argument("[words...]", "a kind of wait and what to watch; default: the pull request of the current branch")
    .option("--background", "register, start the watcher and return")
    .option("--timeout <time>", "end the wait after so long; a command that p9 started is ended with it", spanValue)
    .option("--interval <time>", "look every so often", spanValue)
    .option("--slice <time>", "return after so long with exit 8; the wait goes on in the background", spanValue)
    .option("--adopt", "take over from a dead watcher at once")
    .option("--force", "replace a live watcher")
    .option("--dry-run", "say what would be watched")
    .option("--repo <owner/name>", "the repository of the pull request");
  addOptionFlags(watch, specs);
  if (context.argv.some((word) => word === "--help" || word === "-h"))
    watch.addHelpText("after", await kindsHelp(kind, context));
  watch.action((words, options) => {
    const ref = refOf(words, kind);
    const checked = checkOptions(`wait kind "${kind.name}"`, specs, givenOptions(watch, specs));
    return runWatch({ kind, ref, argv: context.rest ?? [], options: checked, repo: options.repo }, options, context);
  });
}

function refOf(words: readonly string[], kind: WaitKind): string | null {
  const [ref, ...more] = words[0] === kind.name ? words.slice(1) : words;
  if (more[0] !== undefined)
    throw new UsageError(`Cannot use "${more[0]}": wanted one reference; a command follows "--"`);
  return ref ?? null;
}
