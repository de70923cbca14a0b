import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { UsageError } from "../../core/errors.ts";
import { VERSION } from "../../version.ts";
import type { CommandRow } from "./command-row.ts";
import type { ProgramContext } from "./context.ts";

/** The program with the command that was called; without one, with the names of all. */
export async function buildProgram(
  row: CommandRow | undefined,
  all: readonly CommandRow[],
  context: ProgramContext,
): Promise<Command> {
  const program = emptyProgram(context);
  program.hook("preAction", (_, action) => readJsonOptions(action, context));
  if (row) await addCommand(program, row, context);
  else {
    addNames(program, all);
    program.addHelpText("after", MORE);
  }
  return program;
}

const MORE = `
Examples:
  $ p9 init
  $ p9 watch 42 --background
  $ p9 status
  $ p9 why 42

The --help of each command has more; p9 help exit-codes says what exit codes
mean, and man p9 where files are.`;

/** The program without commands: its name, version and error handling. */
export function emptyProgram(context: Pick<ProgramContext, "stdout" | "stderr">): Command {
  return new Command("p9")
    .description("Watches what you wait for, hands out work meanwhile, and brings you back with the truth.")
    .version(VERSION, "-V, --version", "print the version (-v too)")
    .exitOverride()
    .configureOutput({ writeOut: context.stdout, writeErr: context.stderr, outputError: () => {} })
    .configureHelp({ showGlobalOptions: false });
}

/** Adds commands by name only; none of their modules is loaded. */
export function addNames(program: Command, rows: readonly CommandRow[]): void {
  for (const { name, summary, group, hidden } of rows) {
    program.command(name, { hidden }).description(summary).helpGroup(group);
  }
}

/** Loads a command and adds it with all its options. */
export async function addCommand(program: Command, row: CommandRow, context: ProgramContext): Promise<void> {
  const command = program.command(row.name).description(row.summary);
  const module = await row.load();
  await module.register(command, context);
  for (const leaf of leavesOf(command)) {
    leaf
      .option("--json [fields]", JSON_HELP)
      .option("-q, --jq <expression>", "with --json: print what this jq expression makes of it");
  }
  if (!context.argv.some((word) => word === "--help" || word === "-h")) return;
  const { completeHelp } = await import("../help/complete-help.ts");
  for (const leaf of leavesOf(command))
    completeHelp(leaf, leaf === command ? row.name : `${row.name} ${leaf.name()}`, row);
  if (command.commands.length > 0) completeHelp(command, row.name, row);
}

const JSON_HELP = "print a JSON document; with names (a,b), only these fields of it; --json=help lists them";

/** Takes in what was asked of the JSON document, before the command does anything. */
async function readJsonOptions(action: CommandUnknownOpts, context: ProgramContext): Promise<void> {
  context.json = action.getOptionValue("json") !== undefined;
  const { argv, jsonFields: fields } = context;
  const asked: unknown = action.getOptionValue("jq");
  const jq = typeof asked === "string" ? asked : null;
  if (jq !== null && !context.json)
    throw new UsageError("Cannot use --jq without --json", { hint: "as in --json --jq <expression>" });
  if (fields === null && jq === null) return;
  const { shaper } = await import("../json/shape.ts");
  context.shapeJson = await shaper({ argv, fields, jq });
}

/** The runnable commands: a command itself, or its subcommands. */
function leavesOf(command: CommandUnknownOpts): readonly CommandUnknownOpts[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}
