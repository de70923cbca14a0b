import type { Json } from "../base/json.ts";
import type { Template } from "./describe/provider.ts";

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

/**
 * A JSON body with its values put in. Only a text that is a template as a whole (`"{id}"`) counts, since a query language may
 * use braces itself; an object's entry whose value is unknown is left out.
 */
export function fillJson(value: Json, values: Values): Json {
  if (typeof value === "string") return isTemplate(value) ? fill(value, values) : value;
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map((entry) => fillJson(entry, values));
  const entries = Object.entries(value).filter(
    ([, entry]) => !isTemplate(entry) || missingIn(entry, values).length === 0,
  );
  return Object.fromEntries(entries.map(([key, entry]) => [key, entry === undefined ? null : fillJson(entry, values)]));
}

const isTemplate = (value: unknown): value is string =>
  typeof value === "string" && /^\{[A-Za-z][A-Za-z0-9_]*\}$/.test(value);
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
