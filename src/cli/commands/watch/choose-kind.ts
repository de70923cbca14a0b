import { oneLine } from "../../../base/text.ts";
import type { WaitKind } from "../../../contract/wait-kind.ts";
import { UsageError } from "../../../core/errors.ts";
import { builtInWaitKind, findWaitKind } from "../../../plugins-host/find/resolve.ts";
import type { CommandLine, Context } from "../../program/context.ts";

/** Options of `watch` itself whose value is a word of its own. */
const WITH_VALUE = ["--timeout", "--interval", "--slice", "--repo"];

/**
 * Chooses the wait kind of a command line: the named one, that of pull requests for one or for no argument, that of started
 * commands for a bare command. Runs before the options are read, because the kind brings some of them.
 *
 * @throws {UsageError} naming the word and the kinds there are.
 */
export async function chooseKind(line: CommandLine, context: Context): Promise<WaitKind> {
  const words = operands(line.argv.slice(1));
  const [first] = words;
  const { impliedKinds, waitKinds } = await import("../../../../plugins/wait-kinds/registry.ts");
  if (first === undefined) return waitKinds[line.rest ? impliedKinds.started : impliedKinds.pullRequest]();
  if (isPullRequest(first)) return waitKinds[impliedKinds.pullRequest]();
  const { home, env, place: cwd } = context;
  const report = ({ plugin, message }: { readonly plugin: string; readonly message: string }) =>
    context.warn(`plugin ${plugin}: ${message}`);
  const named = await findWaitKind(first, { home, env, cwd, report });
  if (named) return named;
  // Behind an option of the kind, whose value looked like a word.
  for (const word of words.slice(1)) {
    const kind = await builtInWaitKind(word);
    if (kind) return kind;
  }
  throw new UsageError(
    `Cannot watch "${oneLine(first, 80)}": wanted a pull request's number or URL, or a kind of wait: ${Object.keys(waitKinds).join(", ")}`,
  );
}

/** Whether a word is a pull request: `42`, `#42`, `owner/name#42`, or its URL. */
function isPullRequest(word: string): boolean {
  return /^([\w.-]+\/[\w.-]+)?#?\d+$/.test(word) || /^https?:\/\/[^/]+\/.+\/pull\/\d+/.test(word);
}

function operands(argv: readonly string[]): string[] {
  return argv.filter((word, index) => !word.startsWith("-") && !WITH_VALUE.includes(argv[index - 1] ?? ""));
}
