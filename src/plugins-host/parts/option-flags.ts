import { Option } from "commander";
import type { OptionSpec, OptionSpecs } from "../../contract/options.ts";

/** What a command must be able to do for {@link addOptionFlags} and {@link givenOptions}: commander's `Command`, typed or not. */
export interface FlagCommand {
  addOption(option: Option): unknown;
  getOptionValue(name: string): unknown;
}

/** Adds one flag per option: `--exit-file <path>`, `--quiet`, `--label <text>` (repeatable for `strings`), `--no-x` for a switch that is on. */
export function addOptionFlags(command: FlagCommand, specs: OptionSpecs): void {
  for (const [name, spec] of Object.entries(specs)) command.addOption(flag(name, spec));
}

/** What was typed for each of `specs`, by the option's own name; still to be checked by `checkOptions`. */
export function givenOptions(command: FlagCommand, specs: OptionSpecs): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, command.getOptionValue(flag(name, spec).attributeName())]),
  );
}

function flag(name: string, spec: OptionSpec): Option {
  const placeholder = spec.value ?? PLACEHOLDER[spec.type];
  const switchName = spec.default === true ? `--no-${name}` : `--${name}`;
  const option = new Option(spec.type === "boolean" ? switchName : `--${name} <${placeholder}>`, help(spec));
  if (spec.choices) option.choices(spec.choices);
  if (spec.type === "strings") {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

const PLACEHOLDER: Record<OptionSpec["type"], string> = {
  string: "text",
  number: "n",
  boolean: "",
  duration: "time",
  strings: "text",
};

function help(spec: OptionSpec): string {
  const notes = [
    spec.required ? "required" : "",
    spec.default === undefined ? "" : `default: ${JSON.stringify(spec.default)}`,
    spec.type === "strings" ? "may be repeated" : "",
  ].filter(Boolean);
  // A switch that is on by default is given to turn it off: `--no-fail-fast`.
  if (spec.type === "boolean" && spec.default === true) return `do not ${spec.description}`;
  return notes.length ? `${spec.description} (${notes.join("; ")})` : spec.description;
}
