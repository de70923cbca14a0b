import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { FIELDS } from "../json/fields.ts";

type Complete = (value: string, description: string) => void;

/** The part of the completion library's commands that is used here. */
export interface CompletionNode {
  option(name: string, description: string, handler: (complete: Complete) => void, alias?: string): unknown;
  option(name: string, description: string, alias?: string): unknown;
  argument(name: string, handler?: (complete: Complete) => void, variadic?: boolean): unknown;
}

/** The library's root. */
export interface CompletionRoot extends CompletionNode {
  command(path: string, description: string): CompletionNode;
}

/** Describes commander's commands to the completion library: visible ones, with their options, arguments and choices. */
export function describeProgram(program: CommandUnknownOpts, root: CompletionRoot): void {
  addCommand(program, root, root, "");
}

function addCommand(command: CommandUnknownOpts, node: CompletionNode, root: CompletionRoot, path: string): void {
  const help = command.createHelp();
  for (const option of help.visibleOptions(command)) {
    const name = option.long?.replace(/^--/, "");
    if (!name) continue;
    const alias = option.short?.replace(/^-/, "");
    const takesValue = option.required || option.optional;
    const values = name === "json" ? FIELDS[path]?.names : option.argChoices;
    if (takesValue) node.option(name, option.description, offer(values), alias);
    else node.option(name, option.description, alias);
  }
  for (const argument of command.registeredArguments) {
    node.argument(argument.name(), argument.argChoices && offer(argument.argChoices), argument.variadic);
  }
  for (const child of help.visibleCommands(command)) {
    if (child.name() === "help") continue;
    const below = path ? `${path} ${child.name()}` : child.name();
    addCommand(child, root.command(below, child.description()), root, below);
  }
}

function offer(choices: readonly string[] | undefined): (complete: Complete) => void {
  return (complete) => {
    for (const choice of choices ?? []) complete(choice, "");
  };
}
