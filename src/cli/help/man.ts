import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { waitKinds } from "../../../plugins/wait-kinds/registry.ts";
import { EXIT_TEXT } from "../../core/exit-codes.ts";
import { VERSION } from "../../version.ts";
import { FIELDS } from "../json/fields.ts";
import { buildProgram } from "../program/build-program.ts";
import type { CommandRow } from "../program/command-row.ts";
import { createContext } from "../program/context.ts";
import { exitCodes } from "./complete-help.ts";
import { EXAMPLES } from "./examples.ts";
import { ENVIRONMENT, PLACES } from "./places.ts";
import { list, roffText, section, verbatim } from "./roff.ts";

/** One page of the manual, by the name of its file. */
export interface ManPage {
  readonly file: string;
  readonly text: string;
}

/** The manual: `p9(1)`, and a page for every command that is not hidden, made from what its help says. */
export async function manPages(rows: readonly CommandRow[]): Promise<readonly ManPage[]> {
  const shown = rows.filter(({ hidden }) => !hidden);
  const pages = [{ file: "p9.1", text: overview(shown) }];
  for (const row of shown) pages.push({ file: `p9-${row.name}.1`, text: await page(row, rows) });
  return pages;
}

function overview(rows: readonly CommandRow[]): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const commands = groups.flatMap((group) => [
    `.SS ${roffText(group.replace(/:$/, ""))}`,
    ...list(rows.filter((row) => row.group === group).map(({ name, summary }) => [`p9-${name}(1)`, summary])),
  ]);
  return document("p9", "watch what is waited for, and hand out work meanwhile", [
    section("SYNOPSIS", ["\\fBp9\\fR \\fIcommand\\fR [\\fIoptions\\fR]"]),
    section("DESCRIPTION", [
      roffText(
        "p9 watches CI, deploys, builds, index syncs and commands in the background, hands out work meanwhile, and brings the agent or the person who waits back with the truth, the evidence and one next action.",
      ),
    ]),
    section("COMMANDS", commands),
    section("EXIT STATUS", list(Object.entries(EXIT_TEXT))),
    section("ENVIRONMENT", list(ENVIRONMENT)),
    section("FILES", list(PLACES)),
  ]);
}

async function page(row: CommandRow, rows: readonly CommandRow[]): Promise<string> {
  const command = await commandOf(row, rows, []);
  const below = command.commands.filter((one) => one.name() !== "help");
  const body =
    below.length === 0
      ? await leafSections(command, row, rows)
      : [
          section("SYNOPSIS", below.flatMap((leaf) => [usage(leaf, row.name), ".br"]).slice(0, -1)),
          section("DESCRIPTION", [roffText(`${row.summary}.`)]),
          section(
            "COMMANDS",
            below.flatMap((leaf) => groupPart(leaf, row.name)),
          ),
        ];
  const codes = exitCodes(row).map((code) => (row.means?.[code] ? `${code} (${row.means[code]})` : `${code}`));
  return document(`p9-${row.name}`, row.summary, [
    ...body,
    section("EXIT STATUS", [roffText(`${codes.join(", ")}. What they mean: p9(1).`)]),
    section("ENVIRONMENT", ["See", ".BR p9 (1)."]),
    section("SEE ALSO", [".BR p9 (1)"]),
  ]);
}

/** A command as commander knows it, with all that its help says. */
async function commandOf(
  row: CommandRow,
  rows: readonly CommandRow[],
  words: readonly string[],
): Promise<CommandUnknownOpts> {
  const argv = [row.name, ...words, "--help"];
  const program = await buildProgram(row, rows, createContext({ argv, rest: null }));
  const command: CommandUnknownOpts | undefined = program.commands.find((one) => one.name() === row.name);
  if (!command) throw new Error(`No command "${row.name}"`);
  return command;
}

async function leafSections(
  command: CommandUnknownOpts,
  row: CommandRow,
  rows: readonly CommandRow[],
): Promise<readonly string[]> {
  const description = [roffText(`${row.summary}.`), ...list(argumentsOf(command))];
  const others = row.name === "watch" ? await optionsOfKinds(command, row, rows) : [];
  return [
    section("SYNOPSIS", [usage(command, "")]),
    section("DESCRIPTION", description),
    section("OPTIONS", list(optionsOf(command))),
    ...others,
    section("JSON FIELDS", fieldsText(row.name)),
    section("EXAMPLES", examples(row.name)),
  ];
}

function groupPart(leaf: CommandUnknownOpts, group: string): readonly string[] {
  const path = `${group} ${leaf.name()}`;
  const fields = fieldsText(path);
  return [
    `.SS p9 ${roffText(path)}`,
    roffText(`${leaf.description()}.`),
    ...list([...argumentsOf(leaf), ...optionsOf(leaf)]),
    ...(fields.length > 0 ? [".PP", "JSON fields:", ...fields] : []),
    ...examples(path),
  ];
}

/** What each kind of wait adds to the options of `watch`. */
async function optionsOfKinds(
  watch: CommandUnknownOpts,
  row: CommandRow,
  rows: readonly CommandRow[],
): Promise<readonly string[]> {
  const known = new Set(optionsOf(watch).map(([term]) => term));
  const parts: string[] = [];
  for (const [name, load] of Object.entries(waitKinds)) {
    const { summary } = await load();
    const own = optionsOf(await commandOf(row, rows, [name])).filter(([term]) => !known.has(term));
    parts.push(`.SS ${roffText(name)}`, roffText(`${summary}.`), ...list(own));
  }
  return [section("KINDS OF WAIT", parts)];
}

function usage(command: CommandUnknownOpts, group: string): string {
  const name = ["p9", group, command.name()].filter(Boolean).join(" ");
  return `\\fB${roffText(name)}\\fR ${roffText(command.usage())}`;
}

function argumentsOf(command: CommandUnknownOpts) {
  const help = command.createHelp();
  return help
    .visibleArguments(command)
    .map((argument) => [help.argumentTerm(argument), help.argumentDescription(argument)] as const);
}

function optionsOf(command: CommandUnknownOpts) {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .map((option) => [help.optionTerm(option), help.optionDescription(option)] as const);
}

function fieldsText(path: string): readonly string[] {
  const fields = Object.hasOwn(FIELDS, path) ? FIELDS[path] : undefined;
  return fields ? [roffText(`${fields.names.join(", ")}.`)] : [];
}

function examples(path: string): readonly string[] {
  return (EXAMPLES[path] ?? []).flatMap(([line, what]) => [
    ".PP",
    roffText(`${what.charAt(0).toUpperCase()}${what.slice(1)}:`),
    ...verbatim([`    $ ${line}`]),
  ]);
}

function document(name: string, summary: string, sections: readonly string[]): string {
  const head = [
    `.TH ${name.toUpperCase()} 1 "" "p9 ${VERSION}" "Manual of p9"`,
    ".SH NAME",
    `${roffText(name)} \\- ${roffText(summary)}`,
  ];
  return `${[...head, ...sections.filter(Boolean)].join("\n")}\n`;
}
