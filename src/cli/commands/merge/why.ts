import type { Command } from "@commander-js/extra-typings";
import { pullRequestUrl } from "../../../core/repo.ts";
import { mergeVerdict } from "../../../merge/verdict.ts";
import { explain } from "../../../merge/why.ts";
import type { Context } from "../../program/context.ts";
import { PR_ARGUMENT, type PrTarget, prTarget } from "../../program/pr-target.ts";
import { broken } from "../../show/styled.ts";
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
      if (!context.json)
        return print(explain(facts, verdict, wait, context.clock.now()), verdict.ready, target, context);
      const { queue, autoMergeBy: auto_merge_by, optionalRed } = facts;
      const optional_red = optionalRed.map(({ name }) => name);
      context.printJson({ ...verdict, ...target, queue, auto_merge_by, optional_red, watched: wait?.state ?? null });
    });
}

/** The first line in the colour of the verdict, its number as a link; the others fitted to the terminal. */
function print(lines: readonly string[], ready: boolean, { pr, repo }: PrTarget, context: Context): void {
  const [head = "", ...rest] = lines;
  const name = `PR #${pr}`;
  const [, before = "", after = head] = new RegExp(`^(${name})?(.*)$`).exec(head) ?? [];
  const [, about = after, verdict = ""] = /^(.*?)( is (?:not )?ready to merge.*)$/.exec(after) ?? [];
  context.printParts([
    { text: before, href: pullRequestUrl(repo, pr) },
    about,
    { text: verdict, tone: ready ? "green" : "red" },
  ]);
  for (const line of rest) for (const text of broken(line, context.columns)) context.print(text);
}
