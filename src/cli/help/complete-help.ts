import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { EXIT, EXIT_TEXT } from "../../core/exit-codes.ts";
import { FIELDS } from "../json/fields.ts";
import type { CommandRow } from "../program/command-row.ts";
import { wrap } from "../show/text-width.ts";
import { EXAMPLES } from "./examples.ts";

/** Completes the help of a command that runs, or of one with commands below it: its examples, its exit codes, and `--json` only where there is a document. */
export function completeHelp(leaf: CommandUnknownOpts, path: string, row: CommandRow): void {
  const examples = examplesText(path, "Examples:");
  if (examples) leaf.addHelpText("after", examples);
  leaf.addHelpText("after", `\n${exitText(row)}`);
  for (const option of leaf.options) {
    const isOfJson = option.long === "--json" || option.long === "--jq";
    if (isOfJson && !Object.hasOwn(FIELDS, path)) option.hideHelp();
  }
}

/** The examples of a command, or of a kind of `watch` (`watch review`), under a heading; empty: there are none. */
export function examplesText(path: string, heading: string): string {
  const examples = Object.hasOwn(EXAMPLES, path) ? (EXAMPLES[path] ?? []) : [];
  return examples.length === 0 ? "" : `\n${heading}\n${examples.map(exampleText).join("\n")}`;
}

function exampleText([command, what]: readonly [string, string]): string {
  return [`  $ ${command}`, ...indented(what, "      ")].join("\n");
}

/** The codes that a command can end with, in order. */
export function exitCodes({ exits }: CommandRow): readonly number[] {
  return [...new Set([...exits, EXIT.usage])].sort((a, b) => a - b);
}

/** What an exit code means for a command, where that is narrower than for all. */
function exitText(row: CommandRow): string {
  const codes = exitCodes(row).map((code) => (row.means?.[code] ? `${code} ${row.means[code]}` : `${code}`));
  return indented(`Exit codes: ${codes.join(row.means ? "; " : ", ")} (p9 help exit-codes)`, "", "  ").join("\n");
}

/** Columns of a help, which commander takes for its own parts where no terminal says otherwise. */
const COLUMNS = 80;

/** The lines of a text of a help, those after the first with another indent where one is given. */
export function indented(text: string, first: string, others = first): readonly string[] {
  return wrap(text, COLUMNS - others.length, COLUMNS - first.length).map(
    (line, at) => `${at === 0 ? first : others}${line}`,
  );
}

/** What every exit code means: `p9 help exit-codes`. */
export function exitCodeTopic(): string {
  const lines = Object.entries(EXIT_TEXT).flatMap(([code, text]) => indented(text, `  ${code.padEnd(3)} `, "      "));
  return `What the exit codes of p9 mean; the help of each command lists its own:\n\n${lines.join("\n")}\n`;
}
