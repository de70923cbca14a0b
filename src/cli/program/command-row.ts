import type { Command } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";

/** What a command's module exports: it declares arguments and options, and sets the action. */
export interface CommandModule {
  register(command: Command, context: Context): void | Promise<void>;
}

/** One command of p9. */
export interface CommandRow {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Heading in the list of commands. */
  readonly group: (typeof GROUP)[keyof typeof GROUP];
  /** Every exit code that it can end with, beside 3 (usage). */
  readonly exits: readonly number[];
  /** What an exit code means here, in narrower words than those for every command. */
  readonly means?: Readonly<Record<number, string>>;
  /** Left out of the list of commands. */
  readonly hidden?: boolean;
  /** What follows `--` is a command line of the user's: `context.rest`. */
  readonly takesCommand?: boolean;
  /** The subcommand that is meant where none is named. */
  readonly meant?: string;
  /** All subcommands, where the meant one takes words of its own: any other first word is one of those. */
  readonly subcommands?: readonly string[];
  readonly load: () => Promise<CommandModule>;
}

/** Headings in the list of commands. */
export const GROUP = {
  watch: "Watching:",
  work: "Work meanwhile:",
  verdict: "When it is red or green:",
  recovery: "Recovery:",
  setup: "Set-up and integration:",
} as const;

/** `p9 escalations` is `p9 escalations list`, and `p9 threads 42` is `p9 threads list 42`: the subcommand that is meant where none is named. */
export function withSubcommand(args: readonly string[], row: CommandRow | undefined): readonly string[] {
  const [name = "", next] = args;
  const isWord = next !== undefined && !next.startsWith("-") && (row?.subcommands?.includes(next) ?? true);
  const isNamed = row?.meant === undefined || isWord || next === "-h" || next === "--help";
  return isNamed ? args : [name, row.meant ?? "", ...args.slice(1)];
}
