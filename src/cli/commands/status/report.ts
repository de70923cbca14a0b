import type { Command } from "@commander-js/extra-typings";
import type { P9Event, Transition } from "../../../core/events.ts";
import { sameRepo } from "../../../core/repo.ts";
import type { Wait } from "../../../core/wait.ts";
import { reportLine, terminationReport } from "../../../inbox/report.ts";
import { View } from "../../../store/fold.ts";
import type { Context } from "../../program/context.ts";
import { countValue, prValue } from "../../program/values.ts";
import { reportText } from "./report-text.ts";

const ENDED = ["GREEN", "RED_CLASSIFIED", "RED_UNCLASSIFIED", "ESCALATED", "MERGED", "ABANDONED"];

export function register(command: Command, context: Context): void {
  command
    .option("--pr <number>", "only of this pull request", prValue)
    .option("--repo <owner/name>", "with --pr: the repository it is in")
    .option("--limit <n>", "how many at most", countValue("--limit"), 10)
    .action(async (options) => {
      const store = await context.store();
      const repo = options.pr === undefined ? null : await context.repo(options.repo);
      const wanted = (row: Transition) =>
        options.pr === undefined || (row.pr === options.pr && (repo === null || sameRepo(row.repo, repo)));
      const events = store.eventsBackwards(options.pr === undefined ? {} : { pr: options.pr });
      const found = [...endings(events, wanted, options.limit + 1)];
      const waits = found.slice(0, options.limit);
      if (context.json) return context.printJson({ reports: waits.map(terminationReport) });
      if (waits.length === 0) context.print("nothing has ended yet");
      if (!context.isTTY) {
        for (const wait of waits) {
          const line = reportLine(wait, terminationReport(wait)).replace(/^p9: /, "");
          context.print(`${wait.ts}  ${wait.state}  ${line}`);
        }
        return;
      }
      const style = { columns: context.columns, now: context.clock.now() };
      for (const wait of waits) context.printParts(...reportText(wait, terminationReport(wait), style));
      if (found.length > waits.length) context.print(`There are older ones: --limit ${options.limit * 10} shows more`);
    });
}

/** The last endings, newest first: each a wait as it stood in that row. */
function* endings(events: Iterable<P9Event>, wanted: (row: Transition) => boolean, limit: number): Generator<Wait> {
  let found = 0;
  for (const event of events) {
    if (event.type !== "transition" || !ENDED.includes(event.to_state) || !wanted(event)) continue;
    const view = new View();
    view.apply(event);
    yield* view.waits.values();
    found += 1;
    if (found >= limit) return;
  }
}
