import type { Command } from "@commander-js/extra-typings";
import { EXIT } from "../../../core/exit-codes.ts";
import { pullRequestUrl } from "../../../core/repo.ts";
import { mergeVerdict } from "../../../merge/verdict.ts";
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
      const mayCome = facts.nothing !== null || facts.absent !== null;
      const wait = mayCome ? (await context.store()).findPr(target.repo, target.pr) : null;
      const verdict = mergeVerdict(facts, await standingOf(facts, wait, context));
      if (context.json) context.printJson(verdict);
      else {
        const { ready, reason } = verdict;
        context.printParts([
          { text: `PR #${target.pr}`, href: pullRequestUrl(target.repo, target.pr) },
          ": ",
          { text: ready ? "READY" : "NOT-READY", tone: ready ? "green" : "red" },
          ` — ${reason}`,
        ]);
      }
      context.exit(verdict.ready ? EXIT.ok : EXIT.degraded);
    });
}
