import type { Command } from "@commander-js/extra-typings";
import { pullRequestUrl, sameRepo } from "../../../core/repo.ts";
import { isFinal } from "../../../core/states.ts";
import { isPullRequest } from "../../../core/traits.ts";
import type { Wait } from "../../../core/wait.ts";
import { isOfPullRequest } from "../../../core/wait-name.ts";
import { mergeVerdict } from "../../../merge/verdict.ts";
import { explain } from "../../../merge/why.ts";
import type { Store } from "../../../store/store.ts";
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
      const store = await context.store();
      const wait = store.findPr(target.repo, target.pr);
      const waits = [...(wait ? [wait] : []), ...othersOf(target, store)];
      const verdict = mergeVerdict(facts, await standingOf(facts, wait, context));
      if (!context.json)
        return print(explain(facts, verdict, waits, context.clock.now()), verdict.ready, target, context);
      const { queue, autoMergeBy: auto_merge_by, optionalRed } = facts;
      const optional_red = optionalRed.map(({ name }) => name);
      context.printJson({
        ...{ ...verdict, ...target, queue, auto_merge_by, optional_red },
        watched: wait?.state ?? null,
        waits: waits.map(({ kind, wait_id, state, sha }) => ({ kind, wait_id, state, sha })),
      });
    });
}

/** The other open waits that are named by the pull request: that of its reviews. */
function othersOf({ repo, pr }: PrTarget, store: Store): readonly Wait[] {
  return [...store.read().waits.values()].filter(
    (wait) =>
      wait.pr === pr &&
      sameRepo(wait.repo, repo) &&
      isOfPullRequest(wait) &&
      !isPullRequest(wait) &&
      !isFinal(wait.state),
  );
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
