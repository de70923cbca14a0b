import type { Json } from "../core/json.ts";
import type { Template } from "./provider.ts";

/** Values by name, as templates use them. */
export type Values = Readonly<Record<string, string | undefined>>;

const PLACE = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

/** The names in a template whose value is unknown. */
export function missingIn(template: Template, values: Values): string[] {
  return [...template.matchAll(PLACE)].map((match) => match[1] ?? "").filter((name) => values[name] === undefined);
}

/**
 * A template with its values put in.
 *
 * @throws {RangeError} naming the value that is unknown.
 */
export function fill(template: Template, values: Values, encode: (text: string) => string = (text) => text): string {
  return template.replace(PLACE, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`Cannot fill in "${template}": "${name}" is unknown`);
    return encode(value);
  });
}

/** The same in every string of a JSON value; an object's entry whose value is unknown is left out. */
export function fillJson(value: Json, values: Values): Json {
  if (typeof value === "string") return fill(value, values);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map((entry) => fillJson(entry, values));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => typeof entry !== "string" || missingIn(entry, values).length === 0)
      .map(([key, entry]) => [key, entry === undefined ? null : fillJson(entry, values)]),
  );
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
