import type { Command } from "@commander-js/extra-typings";
import { parseTimestamp } from "../../../base/clock.ts";
import { rowText } from "../../../core/host-fields.ts";
import { shownRow } from "../../../core/shown.ts";
import { paths } from "../../../store/paths.ts";
import type { Context } from "../../program/context.ts";
import { listValue, sinceValue } from "../../program/values.ts";
import { tailLog } from "../../show/follow.ts";

export function register(command: Command, context: Context): void {
  command
    .command("tail")
    .description("Print the events of the log as JSON lines, oldest first")
    .option("--since <time>", "only what is younger: 6h, 2d, or a date", sinceValue(context.clock.now()))
    .option("--type <types>", "only these types; a trailing * stands for any ending (wait.*)", listValue)
    .option("--follow", "go on with what is appended, until interrupted")
    .action((options) =>
      tail(context, {
        since: options.since ?? Number.NEGATIVE_INFINITY,
        types: options.type ?? [],
        follow: options.follow ?? false,
      }),
    );
}

interface TailOptions {
  readonly since: number;
  readonly types: readonly string[];
  readonly follow: boolean;
}

/** Events that jq filters at once: each time it starts anew, which takes it 10 ms. */
const AT_ONCE = 500;

async function tail(context: Context, { since, types, follow }: TailOptions): Promise<void> {
  const { clock, outputClosed } = context;
  const wanted = types.map((type) => (type.endsWith("*") ? { prefix: type.slice(0, -1) } : { exact: type }));
  const most = context.shapesJson && !follow ? AT_ONCE : 1;
  const lines: string[] = [];
  for await (const event of tailLog(paths(context.home).state, { follow, clock, since, signal: outputClosed })) {
    const named = wanted.some(({ prefix, exact }) =>
      exact === undefined ? event.type.startsWith(prefix) : event.type === exact,
    );
    if ((named || wanted.length === 0) && parseTimestamp(event.ts) >= since)
      lines.push(`${rowText(shownRow(event))}\n`);
    if (lines.length >= most) context.printJsonText(lines.splice(0).join(""));
  }
  if (lines.length > 0) context.printJsonText(lines.join(""));
}
