import { parseDuration } from "../../base/duration.ts";
import type { Json } from "../../base/json.ts";
import { oneLine } from "../../base/text.ts";
import type { OptionSpec, OptionSpecs, Options } from "../../contract/options.ts";
import { errorText, UsageError } from "../../core/errors.ts";

/**
 * Checks what was given for the options of `owner` (`wait kind "http"`) and fills in defaults: numbers become numbers,
 * durations seconds. Command lines give text, configuration files JSON; both are read.
 *
 * @throws {UsageError} naming the option, the value and what is wanted.
 */
export function checkOptions(owner: string, specs: OptionSpecs, given: Readonly<Record<string, unknown>>): Options {
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !Object.hasOwn(specs, name)) {
      throw new UsageError(`Unknown option "${oneLine(name, 60)}" of ${owner}: it has ${list(Object.keys(specs))}`);
    }
  }
  const options: Record<string, Json> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = given[name] ?? spec.default;
    if (value !== undefined && value !== null) options[name] = checkOne(name, spec, value);
    else if (spec.required) throw new UsageError(`Missing option "${name}" of ${owner}: ${spec.description}`);
  }
  return options;
}

/** What an option is when nothing is given for it; options without a default are left out. */
export function defaultOptions(owner: string, specs: OptionSpecs): Options {
  const optional = Object.entries(specs).map(([name, spec]) => [name, { ...spec, required: false }]);
  return checkOptions(owner, Object.fromEntries(optional), {});
}

function checkOne(name: string, spec: OptionSpec, value: unknown): Json {
  const read = READ[spec.type](value);
  if (read === undefined) throw wrong(name, value, WANTED[spec.type]);
  const values: readonly unknown[] = Array.isArray(read) ? read : [read];
  const { choices } = spec;
  if (choices && !values.every((one) => choices.includes(String(one)))) throw wrong(name, value, list(choices));
  return read;
}

const READ: Record<OptionSpec["type"], (value: unknown) => Json | undefined> = {
  string: (value) => (typeof value === "string" || typeof value === "number" ? String(value) : undefined),
  number: (value) => {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : undefined;
  },
  boolean: (value) =>
    value === true || value === "true" ? true : value === false || value === "false" ? false : undefined,
  duration: (value) => {
    if (typeof value !== "string" && typeof value !== "number") return undefined;
    try {
      return parseDuration(value);
    } catch {
      return undefined;
    }
  },
  strings: (value) => {
    const all: unknown[] = Array.isArray(value) ? value : [value];
    return all.every((one) => typeof one === "string") ? all : undefined;
  },
};

const WANTED: Record<OptionSpec["type"], string> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  duration: "seconds, or a number with s, m, h or d",
  strings: "one text or several",
};

function wrong(name: string, value: unknown, wanted: string): UsageError {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return new UsageError(`Cannot use "${oneLine(shown, 80)}" for option "${name}": wanted ${wanted}`);
}

function list(names: readonly string[]): string {
  return names.length ? names.map((name) => `"${name}"`).join(", ") : "none";
}

/** Flags of `p9 watch` itself: a wait kind cannot have options of these names. */
const OWN_FLAGS: readonly string[] = [
  "json",
  "help",
  "version",
  "background",
  "timeout",
  "interval",
  "slice",
  "adopt",
  "force",
  "dry-run",
  "repo",
];

/** What is wrong with the options of a wait kind as flags of `p9 watch`, as a sentence, or null. */
export function flagsProblem(specs: OptionSpecs): string | null {
  const own = Object.keys(specs).find((name) => OWN_FLAGS.includes(name));
  return own === undefined ? null : `"--${own}" is a flag of p9 watch itself`;
}

/** What is wrong with the specifications themselves, as a sentence, or null. */
export function specsProblem(specs: OptionSpecs): string | null {
  for (const [name, spec] of Object.entries(specs)) {
    if (typeof spec.description !== "string" || !spec.description) return `option "${name}" has no description`;
    if (spec.default === undefined) continue;
    try {
      checkOne(name, spec, spec.default);
    } catch (error) {
      return `the default of option "${name}" does not fit: ${errorText(error)}`;
    }
  }
  return null;
}
