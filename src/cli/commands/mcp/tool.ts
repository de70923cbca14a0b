import type { OptionSpec, OptionSpecs, Options } from "../../../contract/options.ts";
import type { Answer, JsonSchema } from "./answer.ts";
import type { Call } from "./call.ts";

/** One tool of the server. Its arguments are options with `_` for `-`. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** What it does and when to call it, for a model. */
  readonly description: string;
  readonly takes: OptionSpecs;
  /** The members of its answer beside `exit` and `messages`: those of the document of the same command. */
  readonly gives: Readonly<Record<string, JsonSchema>>;
  readonly hints: Hints;
  /** @throws {UsageError} and all that a command may throw */
  run(options: Options, call: Call): Promise<Answer>;
}

/** What a client may know before it asks its user. */
export interface Hints {
  /** It changes nothing that is not p9's own record. */
  readonly readOnlyHint: boolean;
  /** It may change or remove what cannot be taken back. */
  readonly destructiveHint: boolean;
  /** A second call with the same arguments does no more than the first. */
  readonly idempotentHint: boolean;
}

/** Looks and changes nothing. */
export const LOOKS: Hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };

/** Name of an option as an argument of a tool. */
export function argumentName(option: string): string {
  return option.replaceAll("-", "_");
}

/** What a tool takes, as its client is told. */
export function inputSchema(specs: OptionSpecs): JsonSchema {
  const properties = Object.entries(specs).map(([name, spec]) => [argumentName(name), argumentSchema(spec)]);
  const required = Object.entries(specs).flatMap(([name, spec]) => (spec.required ? [argumentName(name)] : []));
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

function argumentSchema({ type, description, choices, default: given }: OptionSpec): JsonSchema {
  const words = choices ? { enum: choices } : {};
  const rest = { description, ...(given === undefined ? {} : { default: given }) };
  switch (type) {
    case "strings":
      return { type: "array", items: { type: "string", ...words }, ...rest };
    case "duration":
      return { type: "string", ...rest, description: `${description} (seconds, or a number with s, m, h or d)` };
    default:
      return { type, ...words, ...rest };
  }
}

/** What a tool answers, as its client is told. */
export function outputSchema(gives: Tool["gives"]): JsonSchema {
  return {
    type: "object",
    properties: {
      exit: { type: "integer", description: "exit code of the command: 0 well, 3 wrong arguments, 7 not allowed" },
      messages: { type: "array", items: { type: "string" }, description: "what p9 says besides" },
      ...gives,
    },
    required: ["exit", "messages"],
  };
}
