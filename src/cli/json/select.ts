import { isObject } from "../../base/json.ts";
import type { JsonFields } from "./fields.ts";

/**
 * The document with only these fields: of itself, of each where there are several, or of the objects in its lists, of which it keeps those that
 * are named, or all. A field that is not there is null.
 */
export function selectFields(
  document: unknown,
  { of, lists = [] }: Pick<JsonFields, "of" | "lists">,
  names: readonly string[],
): unknown {
  if (Array.isArray(document)) return document.map((row) => picked(row, names));
  if (of === "document") return picked(document, names);
  if (!isObject(document)) return document;
  const kept = names.filter((name) => lists.includes(name));
  const fields = names.filter((name) => !lists.includes(name));
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => {
      if (!Array.isArray(value)) return [[key, value]];
      if (kept.length > 0 && !kept.includes(key)) return [];
      return [[key, fields.length === 0 ? value : value.map((row) => picked(row, fields))]];
    }),
  );
}

function picked(row: unknown, names: readonly string[]): unknown {
  return isObject(row) ? Object.fromEntries(names.map((name) => [name, row[name] ?? null])) : row;
}
