import type { Command } from "@commander-js/extra-typings";
import { mergeVerdict } from "../../../merge/verdict.ts";
import { explain } from "../../../merge/why.ts";
import type { Context } from "../../program/context.ts";
import { PR_ARGUMENT, prTarget } from "../../program/pr-target.ts";
import { mergeFactsFor, standingOf } from "./merge-text.ts";

export function register(command: Command, context: Context): void {
  command
    .argument("[pr]", PR_ARGUMENT)
    .option("--repo <owner/name>", "the repository of the pull request")
    .action(async (text, options) => {
      const target = await prTarget(text, options.repo, context);
      const facts = await mergeFactsFor(target, context);
      const wait = (await context.store()).findPr(target.repo, target.pr);
      const verdict = mergeVerdict(facts, await standingOf(facts, wait, context));
      if (!context.json) return explain(facts, verdict, wait, context.clock.now()).forEach(context.print);
      const { queue, autoMergeBy: auto_merge_by, optionalRed } = facts;
      const optional_red = optionalRed.map(({ name }) => name);
      context.printJson({ ...verdict, ...target, queue, auto_merge_by, optional_red, watched: wait?.state ?? null });
    });
}
