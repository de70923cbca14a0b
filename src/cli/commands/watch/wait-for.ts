import type { Command } from "@commander-js/extra-typings";
import { impliedKinds, waitKinds } from "../../../../plugins/wait-kinds/registry.ts";
import type { OptionSpecs } from "../../../contract/options.ts";
import type { WaitKind } from "../../../contract/wait-kind.ts";
import { UsageError } from "../../../core/errors.ts";
import { addOptionFlags, givenOptions } from "../../../plugins-host/parts/option-flags.ts";
import { checkOptions } from "../../../plugins-host/parts/options.ts";
import type { Context } from "../../program/context.ts";
import { spanValue } from "../../program/values.ts";
import { runWatch } from "./run-watch.ts";

/** `p9 wait-for <name> --cmd …`: `watch command`, where every non-zero exit is "not yet" unless `--fail-codes` says otherwise. */
export async function register(command: Command, context: Context): Promise<void> {
  const kind: WaitKind = await waitKinds[impliedKinds.asked]();
  const specs = asInPythonP9(kind.options ?? {});
  const waitFor = command
    .argument("<name>", "what people call it")
    .option("--background", "register, start the watcher and return")
    .option("--timeout <time>", "end the wait after this time; default: an hour, or ci_watch.deadline", spanValue)
    .option("--interval <time>", "time between two runs of the command; default: growing, 5s to 60s", spanValue)
    .option("--slice <time>", "return after this time with exit 8; the wait goes on in the background", spanValue)
    .option("--adopt", "take over from a dead watcher at once")
    .option("--force", "replace a live watcher")
    .option("--dry-run", "say what would be watched");
  addOptionFlags(waitFor, specs);
  waitFor.action((name, options) => {
    if (name.trim() === "") throw new UsageError('Cannot wait for "": wanted a name');
    const given = { "fail-codes": ["none"], ...defined(givenOptions(waitFor, specs)) };
    const checked = checkOptions(`wait kind "${kind.name}"`, specs, given);
    return runWatch({ kind, ref: name, argv: context.rest ?? [], options: checked, repo: undefined }, options, context);
  });
}

/** The same options, with help texts about the exit codes of this command. */
function asInPythonP9(specs: OptionSpecs): OptionSpecs {
  const { cmd, ...rest } = specs;
  if (!cmd) return specs;
  return { cmd: { ...cmd, description: "shell command that answers: exit 0 done, anything else not yet" }, ...rest };
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
