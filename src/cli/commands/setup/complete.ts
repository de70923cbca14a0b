import type { Command } from "@commander-js/extra-typings";
import { addCommand, addNames, emptyProgram } from "../../program/build-program.ts";
import { completionLibrary } from "../../program/completion-library.ts";
import { describeProgram } from "../../program/completion-tree.ts";
import type { Context, ProgramContext } from "../../program/context.ts";
import { suggestions } from "../../program/suggestions.ts";
import { COMMANDS } from "../../program/table.ts";

/** What the completion scripts call: `p9 complete -- <words so far>`. */
export function register(command: Command, context: Context): void {
  command.action(async () => {
    const words = context.rest ?? [];
    const root = await completionTree(words, context);
    for (const { command: name, argument, values } of await suggestions(words[0], context)) {
      root.commands.get(name)?.argument(
        argument,
        (complete) => {
          for (const { value, description } of values) complete(value, description);
        },
        true,
      );
    }
    root.parse([...words]);
  });
}

/** The commands as the completion library knows them; only the one that is being typed is loaded with its options. */
async function completionTree(words: readonly string[], context: Context) {
  const { default: root } = await completionLibrary();
  const program = emptyProgram(context);
  const typed = COMMANDS.find(({ name }) => name === words[0] && words.length > 1);
  addNames(
    program,
    COMMANDS.filter((row) => row !== typed && !row.hidden),
  );
  if (typed) {
    const line: ProgramContext = { ...context, argv: words, rest: null, exitCode: 0 };
    // Half a command line may be nonsense: then only the command itself is known.
    await addCommand(program, typed, line).catch(() => {});
  }
  describeProgram(program, root);
  return root;
}
