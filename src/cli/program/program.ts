import { EXIT } from "../../core/exit-codes.ts";
import { buildProgram } from "./build-program.ts";
import { type CommandRow, withSubcommand } from "./command-row.ts";
import { type CommandLine, type ContextOptions, createContext } from "./context.ts";
import { reportFailure } from "./failure.ts";
import { COMMANDS, RETIRED } from "./table.ts";

/** Runs one command line and resolves with the exit code. Never rejects. */
export async function main(args: readonly string[], options: ContextOptions = {}): Promise<number> {
  const row = COMMANDS.find(({ name }) => name === (args[0] === "help" ? args[1] : args[0]));
  const context = createContext(splitLine(args, row), options);
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
    if (name === "help" && args[1] === "exit-codes") {
      const { exitCodeTopic } = await import("../help/complete-help.ts");
      context.stdout(exitCodeTopic());
      return EXIT.ok;
    }
    if (choosesJson(context.argv)) {
      const { readJsonChoice } = await import("../json/choice.ts");
      const { argv, fields, listed } = readJsonChoice(context.argv, context.isTTY);
      if (listed !== null) {
        for (const field of listed) context.print(field);
        return EXIT.ok;
      }
      Object.assign(context, { argv, jsonFields: fields });
    }
    const program = await buildProgram(row, COMMANDS, context);
    await program.parseAsync([...context.argv], { from: "user" });
    context.sayNotes();
    return context.exitCode;
  } catch (error) {
    return reportFailure(error, context);
  }
}

/** `p9 help watch` is `p9 watch --help`, `p9 help` is `p9 --help`; what follows `--` belongs to the user's command where the command takes one. */
function splitLine(args: readonly string[], row: CommandRow | undefined): CommandLine {
  if (args.length === 0) return { argv: ["--help"], rest: null };
  if (args[0] === "-v") return { argv: ["--version"], rest: null };
  const argv = args[0] === "help" ? helpOf(args.slice(1), row) : withSubcommand(args, row);
  const dashes = row?.takesCommand ? argv.indexOf("--") : -1;
  return dashes < 0 ? { argv, rest: null } : { argv: argv.slice(0, dashes), rest: argv.slice(dashes + 1) };
}

/** What the words behind `p9 help` ask for; a word that is no command is refused as one. */
function helpOf(words: readonly string[], row: CommandRow | undefined): readonly string[] {
  return row || words.length === 0 ? [...words, "--help"] : words;
}

/** Whether a command line says more about its JSON document than `--json`. */
function choosesJson(argv: readonly string[]): boolean {
  return argv.some((word, at) => word.startsWith("--json=") || (word === "--json" && /^[^-]/.test(argv[at + 1] ?? "")));
}
