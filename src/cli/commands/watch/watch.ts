import { type Command, Option } from "@commander-js/extra-typings";
import { formatDuration } from "../../../base/duration.ts";
import { nearest } from "../../../base/nearest.ts";
import { oneLine } from "../../../base/text.ts";
import type { WaitKind } from "../../../contract/wait-kind.ts";
import { UsageError } from "../../../core/errors.ts";
import { allWaitKinds, builtInWaitKind } from "../../../plugins-host/find/resolve.ts";
import { addOptionFlags, givenOptions } from "../../../plugins-host/parts/option-flags.ts";
import { checkOptions } from "../../../plugins-host/parts/options.ts";
import { examplesText, indented } from "../../help/complete-help.ts";
import type { Context } from "../../program/context.ts";
import { spanValue } from "../../program/values.ts";
import { chooseKind, meantKind, unknownTarget } from "./choose-kind.ts";
import { type Asked, runWatch } from "./run-watch.ts";
import { watchSeveral } from "./several.ts";

export async function register(command: Command, context: Context): Promise<void> {
  const kind = await chooseKind(context, context);
  const specs = kind.options ?? {};
  const watch = command
    .usage("[kind] [ref…] [options] [-- cmd…]")
    .argument(
      "[target...]",
      "a kind of wait and what to watch: pull requests by number, URL or branch, other URLs; default: the pull request of this branch",
    )
    .option("--mine", "my open pull requests of the repository, beside those that are named")
    .option("--background", "register, start the watcher and return")
    .option(
      "--timeout <time>",
      `end the wait after this time, and a command that p9 started with it; default: ${formatDuration(kind.deadlineS ?? 3600)}, or more where earlier waits took longer`,
      spanValue,
    )
    .option("--interval <time>", `time between two looks; default: growing, ${intervalText(kind)}`, spanValue)
    .option("--slice <time>", "return after this time with exit 8; the wait goes on in the background", spanValue)
    .option("--adopt", "take over from a dead watcher at once")
    .option("--force", "replace a live watcher")
    .option("--dry-run", "say what would be watched")
    .addOption(new Option("--repo <owner/name>", "the repository that it is in").hideHelp(kind.takesRepo === false));
  addOptionFlags(watch, specs);
  if (context.argv.some((word) => word === "--help" || word === "-h"))
    watch.addHelpText("after", await kindsHelp(kind, context));
  watch.action(async (words, options) => {
    const [, ...others] = words;
    const refs = words[0] === kind.name ? others : words;
    if (context.rest && kind.process !== "own" && (await builtInWaitKind(kind.name)))
      throw new UsageError(
        `Cannot use the command behind "--" with ${kind.name}: it starts none (p9 watch build -- <cmd…> watches one)`,
      );
    const given = givenOptions(watch, specs);
    const checked = () => checkOptions(`wait kind "${kind.name}"`, specs, given);
    const asked = (ref: string | null): Asked => ({
      ...{ kind, ref, argv: context.rest ?? [], options: checked(), repo: options.repo },
    });
    const mine = options.mine ? await mineOf(kind, options.repo, context) : null;
    if (mine === null && refs.length <= 1) return runWatch(asked(refs[0] ?? null), options, context);
    if (context.rest || (kind.process === "own" && refs !== words))
      throw new UsageError(`Cannot use "${refs[1]}": wanted one reference; a command follows "--"`);
    const isNamed = refs !== words;
    if (!isNamed) await refuseSlip(refs, context);
    const targets = [...refs, ...(mine ?? [])].map((word) => ({
      word,
      asked: async () => (isNamed ? asked(word) : otherKind(asked(word), given, context)),
    }));
    if (targets.length === 0) context.warn("None of the open pull requests here is yours");
    return watchSeveral(targets, options, context);
  });
}

function intervalText({ interval }: WaitKind): string {
  return interval ? `${formatDuration(interval.firstS)} to ${formatDuration(interval.maxS)}` : "5s to 1m";
}

/** Numbers of the pull requests that `--mine` stands for. @throws {UsageError} for another kind. */
async function mineOf(kind: WaitKind, repo: string | undefined, context: Context): Promise<readonly string[]> {
  const { impliedKinds } = await import("../../../../plugins/wait-kinds/registry.ts");
  if (kind.name !== impliedKinds.pullRequest)
    throw new UsageError(`Cannot use --mine with ${kind.name}: it stands for pull requests`);
  const { myPullRequests } = await import("./mine.ts");
  return (await myPullRequests(repo, context)).map((number) => `#${number}`);
}

/** Refuses all words when one was meant to be a kind: the others would be watched as something else. @throws {UsageError} naming it. */
async function refuseSlip(words: readonly string[], context: Context): Promise<void> {
  const { waitKinds } = await import("../../../../plugins/wait-kinds/registry.ts");
  for (const word of words)
    if (nearest(word, Object.keys(waitKinds)) !== null && (await meantKind(word, context)) === null)
      throw await unknownTarget(word);
}

/** What is asked for by one of several words, which may mean another kind than the first. */
async function otherKind(asked: Asked, given: Readonly<Record<string, unknown>>, context: Context): Promise<Asked> {
  const word = asked.ref ?? "";
  const kind = await meantKind(word, context);
  if (kind === null) throw await unknownTarget(word);
  if (kind.name === asked.kind.name) return asked;
  const specs = asked.kind.options ?? {};
  const typed = Object.keys(given).find((name) => given[name] !== undefined && given[name] !== specs[name]?.default);
  if (typed !== undefined)
    throw new UsageError(
      `Cannot watch "${oneLine(word, 80)}" with the option "${typed}" of ${asked.kind.name}: it is ${kind.name}`,
    );
  return { ...asked, kind, options: checkOptions(`wait kind "${kind.name}"`, kind.options ?? {}, {}) };
}

/** The part of `watch --help` that lists the kinds and names the one whose options are shown above. */
async function kindsHelp(shown: WaitKind, { home, env, place: cwd, warn }: Context): Promise<string> {
  const report = ({ plugin, message }: { readonly plugin: string; readonly message: string }) =>
    warn(`plugin ${plugin}: ${message}`);
  const kinds = await allWaitKinds({ home, env, cwd, report });
  const lines = kinds.flatMap(({ name, summary }) => indented(summary, `  ${name.padEnd(12)} `, " ".repeat(15)));
  const head = `Kinds (the options of ${shown.name} are above; p9 watch <kind> --help shows others):`;
  const examples = examplesText(`watch ${shown.name}`, `Examples of ${shown.name}:`);
  return `\n${[...indented(head, "", "  "), ...lines].join("\n")}${examples && `\n${examples}`}`;
}
