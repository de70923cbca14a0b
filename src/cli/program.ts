import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { VERSION } from "../version.ts";
import { type CommandLine, type ContextOptions, createContext, type ProgramContext } from "./context.ts";
import { EXIT, EXIT_TEXT } from "./exit-codes.ts";
import { reportFailure } from "./failure.ts";
import { COMMANDS, type CommandRow, RETIRED } from "./table.ts";

/** Runs one command line and resolves with the exit code. Never rejects. */
export async function main(args: readonly string[], options: ContextOptions = {}): Promise<number> {
  const row = COMMANDS.find(({ name }) => name === (args[0] === "help" ? args[1] : args[0]));
  const line = splitLine(args, row);
  const context = createContext(line, options);
  try {
    if (process.platform === "win32") {
      context.warn("Windows is not supported: use p9 on Linux or macOS (WSL works)");
      return EXIT.degraded;
    }
    const name = args[0] ?? "";
    if (Object.hasOwn(RETIRED, name)) {
      context.warn(`"p9 ${name}" was not taken over: ${RETIRED[name]}`);
      return EXIT.forbidden;
    }
    const program = await buildProgram(row, context);
    await program.parseAsync([...line.argv], { from: "user" });
    return context.exitCode;
  } catch (error) {
    return reportFailure(error, context);
  }
}

/** `p9 help watch` is `p9 watch --help`; what follows `--` belongs to the user's command where the command takes one. */
function splitLine(args: readonly string[], row: CommandRow | undefined): CommandLine {
  if (args.length === 0) return { argv: ["--help"], rest: null };
  const argv = args[0] === "help" && row ? [row.name, "--help"] : args;
  const dashes = row?.takesCommand ? argv.indexOf("--") : -1;
  return dashes < 0 ? { argv, rest: null } : { argv: argv.slice(0, dashes), rest: argv.slice(dashes + 1) };
}

async function buildProgram(row: CommandRow | undefined, context: ProgramContext): Promise<Command> {
  const program = new Command("p9")
    .description("Watches what you wait for, hands out work meanwhile, and brings you back with the truth.")
    .version(VERSION, "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({ writeOut: context.stdout, writeErr: context.stderr, outputError: () => {} })
    .configureHelp({ showGlobalOptions: false });
  program.hook("preAction", (_, action) => {
    context.json = action.getOptionValue("json") === true;
  });
  if (!row) {
    for (const { name, summary, group, hidden } of COMMANDS)
      program.command(name, { hidden }).summary(summary).helpGroup(group);
    return program;
  }
  const command = program.command(row.name).description(row.summary);
  const module = await row.load();
  await module.register(command, context);
  for (const leaf of leavesOf(command)) {
    leaf.option("--json", "print one JSON document on stdout").addHelpText("after", `\n${exitHelp(row)}`);
  }
  return program;
}

/** The commands that do something: a command itself, or its subcommands. */
function leavesOf(command: CommandUnknownOpts): readonly CommandUnknownOpts[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function exitHelp(row: CommandRow): string {
  const codes = [...new Set([...row.exits, EXIT.usage])].sort((a, b) => a - b);
  return ["Exit codes:", ...codes.map((code) => `  ${String(code).padEnd(3)} ${EXIT_TEXT[code] ?? ""}`)].join("\n");
}
