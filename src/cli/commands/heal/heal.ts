import { type Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../../core/errors.ts";
import type { Context } from "../../program/context.ts";
import { PR_ARGUMENT } from "../../program/pr-target.ts";
import { durationValue } from "../../program/values.ts";

/** `p9 heal`: classifies what failed on a pull request, and repairs it. */
export function register(command: Command, context: Context): void {
  command
    .argument("[pr]", PR_ARGUMENT)
    .option("--classify", "say what failed (read-only)")
    .option("--apply", "repair it once: classify, run the heal command in a worktree, push")
    .option("--loop", "go on until it is green or a human must look")
    .option("--dry-run", "say what --apply would do")
    .option("--explain", "with --classify: every rule that matched, and why it counted or not")
    .option("--log-file <file>", 'with --classify: the log to read; "-" is standard input')
    .addOption(
      new Option("--lock-timeout <time>", "how long to wait for another heal to end")
        .argParser(durationValue)
        .default(30, "30s"),
    )
    .option("--repo <owner/name>", "the repository of the pull request")
    .action(async (pr, options) => {
      const modes = [options.classify, options.apply, options.loop].filter(Boolean).length;
      if (modes > 1) throw new UsageError("Cannot do both: wanted one of --classify, --apply and --loop");
      if (options.logFile !== undefined || options.explain || options.classify || modes === 0) {
        if (options.apply || options.loop)
          throw new UsageError("Cannot heal from a log: --log-file and --explain go with --classify");
        const { classifyCommand } = await import("./classify.ts");
        return classifyCommand(pr, options, context);
      }
      const { healCommandLine } = await import("./run-heal.ts");
      return healCommandLine(pr, { ...options, loop: options.loop === true, dryRun: options.dryRun === true }, context);
    });
}
