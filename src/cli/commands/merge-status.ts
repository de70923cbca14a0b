import type { Command } from "@commander-js/extra-typings";
import { mergeVerdict } from "../../merge/verdict.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { mergeFactsFor } from "../merge.ts";
import { prTarget } from "../pr-target.ts";

export function register(command: Command, context: Context): void {
  command
    .argument("<pr>", "number or address of the pull request")
    .option("--repo <repo>", "owner/name")
    .action(async (text, options) => {
      const target = await prTarget(text, options.repo, context);
      const verdict = mergeVerdict(await mergeFactsFor(target, context));
      if (context.json) context.printJson(verdict);
      else {
        const { ready, reason, state, unresolved_threads } = verdict;
        const facts = `mergeStateStatus=${state}, unresolved_threads=${unresolved_threads}`;
        context.print(`PR #${target.pr}: ${ready ? "READY" : "NOT-READY"} — ${reason} (${facts})`);
      }
      context.exit(verdict.ready ? EXIT.ok : EXIT.degraded);
    });
}
