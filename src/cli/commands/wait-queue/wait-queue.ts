import { type Command, Option } from "@commander-js/extra-typings";
import { defaultSource } from "../../../../plugins/queue-sources/registry.ts";
import { UsageError } from "../../../core/errors.ts";
import { TIERS } from "../../../queue/isolation/tier.ts";
import { BUILT_IN_SOURCES } from "../../../queue/pick/source-rank.ts";
import type { Context } from "../../program/context.ts";
import { countValue, durationValue, listValue, prValue } from "../../program/values.ts";
import { clear, finish, list, popItem, pushItem, releaseItems } from "./actions.ts";

const ALL = "items of every session";

export function register(command: Command, context: Context): void {
  command
    .command("push")
    .description("Put a piece of work in the queue; prints its id")
    .requiredOption("--item <text>", "what to do; - reads it from standard input")
    .option("--source <name>", `where it comes from: ${BUILT_IN_SOURCES.join(", ")} or a plugin's`, defaultSource)
    .option(
      "--pr <number>",
      "the pull request that it belongs to: it leaves when that is merged or abandoned, or if it is taken then, when it is done or given back",
      prValue,
    )
    .option("--repo <owner/name>", "the repository of the pull request")
    .option("--tier <tier>", `where it may be done, when you know better: ${TIERS.join(", ")}`, tierValue)
    .option("--files <paths>", "files that it touches, separated by commas", listValue)
    .option("--minutes <number>", "how long it may take", minutesValue)
    .option("--key <key>", "its name: a second push with the same key adds nothing")
    .option("--after <wait>", "hand it out when this wait has ended: an id, a pull request's number or a name")
    .option("--shared", "for any session, not only for this one")
    .action((options) => pushItem(context, options));

  command
    .command("pop")
    .description("Take the best piece of work for this session; prints JSON, at a terminal words")
    .addOption(
      new Option("--lease <duration>", "how long it is yours before it goes back")
        .argParser(durationValue)
        .default(3600, "60m"),
    )
    .option("--all", ALL)
    .option("--no-discover", "only what was pushed; ask no source")
    .option("--repo <owner/name>", "the repository to find work in")
    .action((options) => popItem(context, options));

  command
    .command("list")
    .description("Show the queue: what can be popped, what is taken, waiting or blocked")
    .option("--all", ALL)
    .option("--discover", "ask every source too, and say why one cannot be asked")
    .option("--repo <owner/name>", "the repository to find work in")
    .action((options) => list(context, options));

  command
    .command("done")
    .description("Say that an item is done: it is not offered again")
    .argument("<id...>", "ids of items")
    .action((ids) => finish(context, ids));

  command
    .command("release")
    .description("Give an item back, so that somebody else can take it")
    .argument("<id...>", "ids of items")
    .option("--all", "also what another session holds")
    .action((ids, options) => releaseItems(context, ids, options));

  command
    .command("clear")
    .description("Take the items of this session out of the queue")
    .option("--all", ALL)
    .action((options) => clear(context, options));
}

function tierValue(text: string) {
  const tier = TIERS.find((name) => name === text);
  if (!tier) throw new UsageError(`Cannot use "${text}" as isolation tier: wanted ${TIERS.join(", ")}`);
  return tier;
}

function minutesValue(text: string): number {
  return countValue("minutes")(text);
}
