import { isObject } from "../../base/json.ts";
import { outsidePattern, type Pattern } from "../../base/outside-pattern.ts";
import { PolicyError } from "../../core/errors.ts";
import { FAILURE_TYPES, isFailureType, type Rule } from "./rule.ts";

/**
 * The rules that a policy adds (`ci_heal.rules`): `{ type, find, regex?, confidence?, name?, ignore_case?, transient?, fixable?, example? }`.
 * They come before the built-in ones.
 *
 * @throws {PolicyError} naming the rule and the key (exit 2).
 */
export function ownRules(list: readonly unknown[]): Rule[] {
  return list.map((entry, index) => {
    const where = `ci_heal.rules[${index}]`;
    if (!isObject(entry)) throw new PolicyError(`Cannot use "${where}": wanted a map with "type" and "find"`);
    const type = entry.type;
    if (!isFailureType(type))
      throw new PolicyError(
        `Cannot use "${where}.type": it is "${String(type)}", wanted one of ${FAILURE_TYPES.join(", ")}`,
      );
    const find = typeof entry.find === "string" ? [entry.find] : entry.find;
    if (
      !Array.isArray(find) ||
      find.length === 0 ||
      !find.every((text) => typeof text === "string" && text.length >= 3)
    )
      throw new PolicyError(
        `Cannot use "${where}.find": wanted one or more texts of at least three characters, one of which stands on the line`,
      );
    const weight = entry.confidence ?? 0.9;
    if (typeof weight !== "number" || weight < 0 || weight > 1)
      throw new PolicyError(`Cannot use "${where}.confidence": wanted a number from 0 to 1`);
    const ignoreCase = entry.ignore_case === true;
    const re = entry.regex === undefined ? undefined : readRegex(entry.regex, where);
    return {
      id: typeof entry.name === "string" ? entry.name : `policy-${index + 1}`,
      type,
      tool: "policy",
      weight,
      find: ignoreCase ? find.map((text: string) => text.toLowerCase()) : find,
      ...(re ? { re } : {}),
      example: typeof entry.example === "string" ? entry.example : "",
      ignoreCase,
      deep: true,
      transient: entry.transient === true,
      fixable: entry.fixable === true,
    };
  });
}

/** Nested or adjacent unbounded repetition is refused, because it would fail on the first long line. */
function readRegex(value: unknown, where: string): Pattern {
  if (typeof value !== "string" || value.length > 500)
    throw new PolicyError(`Cannot use "${where}.regex": wanted a regular expression of at most 500 characters`);
  if (/[+*}]\)?[+*{]|\([^)]*[+*}][^)]*\)[+*{]|\.[*+].*\.[*+]/.test(value))
    throw new PolicyError(`Cannot use "${where}.regex": it repeats within a repetition; bound it, as in ".{0,80}"`);
  try {
    return outsidePattern(value);
  } catch (error) {
    throw new PolicyError(`Cannot use "${where}.regex": ${error instanceof Error ? error.message : String(error)}`);
  }
}
