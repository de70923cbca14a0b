import { isObject } from "../../base/json.ts";
import type { JsonFields } from "./fields.ts";

/** The document with only these fields: of itself, of each where there are several, or of the objects in its lists. A field that is not there is null. */
export function selectFields(document: unknown, of: JsonFields["of"], names: readonly string[]): unknown {
  if (Array.isArray(document)) return document.map((row) => picked(row, names));
  if (of === "document") return picked(document, names);
  if (!isObject(document)) return document;
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map((row) => picked(row, names)) : value,
    ]),
  );
}

function picked(row: unknown, names: readonly string[]): unknown {
  return isObject(row) ? Object.fromEntries(names.map((name) => [name, row[name] ?? null])) : row;
}
