import type { Command } from "@commander-js/extra-typings";
import { formatDuration } from "../../../base/duration.ts";
import { UsageError } from "../../../core/errors.ts";
import { EXIT } from "../../../core/exit-codes.ts";
import type { Context } from "../../program/context.ts";
import { flow } from "../../show/styled.ts";

/** `p9 escalations`: escalations and where they were filed. */
export function register(command: Command, context: Context): void {
  command
    .command("list")
    .description("Show every escalation: title, body and label to file, or the ticket that holds it")
    .option("--all", "also acknowledged ones")
    .action(async ({ all }) => {
      const { readOutbox } = await import("../../../escalate/outbox.ts");
      const { paths } = await import("../../../store/paths.ts");
      const rows = readOutbox(paths(context.home)).filter(({ state }) => all || state !== "acked");
      if (context.json) return context.printJson({ escalations: rows });
      if (rows.length === 0) return context.print("no open escalations");
      for (const { id, state, title, ticket, url, label, team, count, since, problem } of rows) {
        const age = formatDuration(Math.max(0, (context.clock.now() - Date.parse(since)) / 1000));
        const cells = [
          { text: id, tone: "dim" as const },
          {
            text: `${state}${ticket ? ` ${ticket}` : ""}`,
            tone: ticket ? ("green" as const) : ("yellow" as const),
            href: url,
          },
          title,
          `(${count}×, ${age} ago, team ${team}, label ${label})${problem ? `: ${problem}` : ""}`,
        ];
        context.printParts(...flow(cells, context.columns, 4));
      }
    });
  command
    .command("ack")
    .description("Record that an escalation is taken care of, and where")
    .argument("<id>", "its id, as in the list")
    .option("--ticket <key>", "the ticket that holds it, such as BRO-12")
    .action(async (id, { ticket }) => {
      const { acknowledge } = await import("../../../escalate/escalate.ts");
      const store = await context.store();
      const acked = await acknowledge(id, ticket ?? null, { store, env: context.env, now: () => context.clock.now() });
      if (!acked) throw new UsageError(`Cannot find an escalation "${id}": wanted an id of p9 escalations list`);
      await store.settled();
      if (context.json) context.printJson(acked);
      else context.print(`${acked.id} acknowledged${acked.ticket ? `: ${acked.ticket}` : ""}`);
    });
  command
    .command("flush")
    .description("File what is pending, and raise what nobody acknowledged for a day")
    .action(async () => {
      const { flush } = await import("../../../escalate/escalate.ts");
      const store = await context.store();
      const rows = await flush({ store, env: context.env, now: () => context.clock.now() });
      await store.settled();
      if (context.json) context.printJson({ escalations: rows });
      else context.print(`${rows.filter(({ state }) => state !== "pending").length} of ${rows.length} filed`);
      if (rows.some(({ problem }) => problem !== null)) context.exit(EXIT.external);
    });
}
