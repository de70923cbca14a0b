import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { isObject } from "../base/json.ts";

/** What a parser's code means, in plain words. */
const PROBLEMS: Readonly<Record<string, string>> = {
  InvalidSymbol: "a text without double quotes stands there",
  InvalidNumberFormat: "a number there is none",
  PropertyNameExpected: "a name in double quotes is missing there",
  ValueExpected: "a value is missing there",
  ColonExpected: "a colon is missing there",
  CommaExpected: "a comma is missing before that",
  CloseBraceExpected: 'a "}" is missing there',
  CloseBracketExpected: 'a "]" is missing there',
  EndOfFileExpected: "more stands there, after the end",
  UnexpectedEndOfComment: "a comment begins there that has no end",
  UnexpectedEndOfString: "a text begins there that has no closing quote",
};

/**
 * The value of a JSON text; comments and trailing commas are allowed.
 *
 * @throws {SyntaxError} saying in which line and column it is no JSON, and why.
 */
export function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const before = text.slice(0, error.offset).split("\n");
    const why = PROBLEMS[printParseErrorCode(error.error)] ?? "a character there cannot be read";
    throw new SyntaxError(`line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} is no JSON: ${why}`);
  }
  return value;
}

/** The value of a settings file, as {@link parseJsonc}. */
export function parseSettings(text: string): Record<string, unknown> {
  const value = parseJsonc(text);
  if (!isObject(value)) throw new SyntaxError("wanted an object in { }");
  return value;
}

/** What is wrong with the text of a settings file, and where; null: it can be read. */
export function jsonProblem(text: string): string | null {
  try {
    if (text.trim() !== "") parseSettings(text);
    return null;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}
