import { buildProgram } from "../program/build-program.ts";
import type { CommandRow } from "../program/command-row.ts";
import { type ContextOptions, createContext } from "../program/context.ts";
import { reportFailure } from "../program/failure.ts";

/** How a command ended that ran within another one. */
export interface Ran {
  /** Its exit code. */
  readonly code: number;
  /** Whether an error ended it, which it told. */
  readonly failed: boolean;
}

/**
 * Runs a command of p9 in this process, as a person would type it, with outputs of its own. Never rejects. What follows `--` are
 * operands: no command line of the user's is taken.
 */
export async function runWithin(
  rows: readonly CommandRow[],
  args: readonly string[],
  options: ContextOptions,
): Promise<Ran> {
  const context = createContext({ argv: args, rest: null }, options);
  try {
    const row = rows.find(({ name }) => name === args[0]);
    const program = await buildProgram(row, rows, context);
    await program.parseAsync([...args], { from: "user" });
    context.sayNotes();
    return { code: context.exitCode, failed: false };
  } catch (error) {
    return { code: reportFailure(error, context), failed: true };
  }
}
