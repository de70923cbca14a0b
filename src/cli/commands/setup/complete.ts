import type { Command } from "@commander-js/extra-typings";
import { addCommand, addNames, emptyProgram } from "../../program/build-program.ts";
import type { CommandModule, CommandRow } from "../../program/command-row.ts";
import { completionLibrary } from "../../program/completion-library.ts";
import { describeProgram } from "../../program/completion-tree.ts";
import type { Context, ProgramContext } from "../../program/context.ts";
import { suggestions } from "../../program/suggestions.ts";

/** What the completion scripts call, for the commands in `rows`: `p9 complete -- <words so far>`. */
export function completing(rows: readonly CommandRow[]): CommandModule {
  return { register: (command, context) => register(command, rows, context) };
}

function register(command: Command, rows: readonly CommandRow[], context: Context): void {
  command.action(async () => {
    const words = context.rest ?? [];
    const root = await completionTree(words, rows, context);
    for (const { command: name, argument, values } of await suggestions(words, context)) {
      root.commands.get(name)?.argument(
        argument,
        (complete) => {
          // A shell takes an offer as it is: nothing in one may mean something to it.
          for (const { value, description } of values) if (/^[\w@:+./#-]+$/.test(value)) complete(value, description);
        },
        true,
      );
    }
    root.parse([...words]);
  });
}

/** Builds the command tree for the completion library; loads only the command that is being typed with its options. */
async function completionTree(words: readonly string[], rows: readonly CommandRow[], context: Context) {
  const { default: root } = await completionLibrary();
  const program = emptyProgram(context);
  const typed = rows.find(({ name }) => name === words[0] && words.length > 1);
  addNames(
    program,
    rows.filter((row) => row !== typed && !row.hidden),
  );
  if (typed) {
    const line: ProgramContext = Object.assign(Object.create(context), { argv: words, rest: null, exitCode: 0 });
    // An unfinished command line may not parse; offer the command alone then.
    await addCommand(program, typed, line).catch(() => {});
  }
  describeProgram(program, root);
  return root;
}
