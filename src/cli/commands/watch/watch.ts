import { type Command, Option } from "@commander-js/extra-typings";
import type { WaitKind } from "../../../contract/wait-kind.ts";
import { UsageError } from "../../../core/errors.ts";
import { allWaitKinds } from "../../../plugins-host/find/resolve.ts";
import { addOptionFlags, givenOptions } from "../../../plugins-host/parts/option-flags.ts";
import { checkOptions } from "../../../plugins-host/parts/options.ts";
import type { Context } from "../../program/context.ts";
import { spanValue } from "../../program/values.ts";
import { chooseKind } from "./choose-kind.ts";
import { runWatch } from "./run-watch.ts";

export async function register(command: Command, context: Context): Promise<void> {
  const kind = await chooseKind(context, context);
  const specs = kind.options ?? {};
  const watch = command
    .usage("[kind] [ref] [options] [-- cmd…]")
    .argument("[target...]", "a kind of wait and what to watch; default: the pull request of the current branch")
    .option("--background", "register, start the watcher and return")
    .option(
      "--timeout <time>",
      "end the wait after this time, and a command that p9 started with it; default: the kind's own",
      spanValue,
    )
    .option("--interval <time>", "time between two looks; default: the kind's own, growing", spanValue)
    .option("--slice <time>", "return after this time with exit 8; the wait goes on in the background", spanValue)
    .option("--adopt", "take over from a dead watcher at once")
    .option("--force", "replace a live watcher")
    .option("--dry-run", "say what would be watched")
    .addOption(new Option("--repo <owner/name>", "the repository that it is in").hideHelp(kind.takesRepo === false));
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

/** The part of `watch --help` that lists the kinds and names the one whose options are shown above. */
async function kindsHelp(shown: WaitKind, { home, env, place: cwd, warn }: Context): Promise<string> {
  const report = ({ plugin, message }: { readonly plugin: string; readonly message: string }) =>
    warn(`plugin ${plugin}: ${message}`);
  const kinds = await allWaitKinds({ home, env, cwd, report });
  const lines = kinds.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`);
  return `\nKinds (the options of ${shown.name} are above; p9 watch <kind> --help shows others):\n${lines.join("\n")}`;
}
