import type { Command } from "@commander-js/extra-typings";
import { parseTimestamp } from "../../../base/clock.ts";
import { didYouMean } from "../../../base/nearest.ts";
import { UsageError } from "../../../core/errors.ts";
import { EVENT_TYPES } from "../../../core/events.ts";
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
    .option("--type <types>", "only these types; a trailing * stands for any ending (wait.*)", typesValue)
    .option("--follow", "go on with what is appended, until interrupted")
    .action((options) =>
      tail(context, {
        since: options.since ?? Number.NEGATIVE_INFINITY,
        types: options.type ?? [],
        follow: options.follow ?? false,
      }),
    );
}

/** Types of events. @throws {UsageError} for one that no event has. */
function typesValue(text: string, before: readonly string[] | undefined): readonly string[] {
  const types = listValue(text, before);
  const unknown = types.find((type) => !EVENT_TYPES.some((known) => meet(type, known)));
  if (unknown === undefined) return types;
  const meant = didYouMean(unknown, EVENT_TYPES);
  throw new UsageError(`Cannot find events of type "${unknown}"${meant}: wanted ${EVENT_TYPES.join(", ")}`);
}

/** Whether two types, of which either may end in a star, have events in common. */
function meet(one: string, other: string): boolean {
  const [a, b] = [one.replace(/\*$/, ""), other.replace(/\*$/, "")];
  if (a === b) return true;
  return (one !== a && b.startsWith(a)) || (other !== b && a.startsWith(b));
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
