import * as z from "zod/mini";

/** The keys of the object that a schema has at a path; empty where it has none. */
export function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let here = bare(schema);
  for (const name of path) here = bare(inside(here, name));
  return here instanceof z.ZodMiniObject ? Object.keys(here.shape) : [];
}

function inside(schema: unknown, name: PropertyKey): unknown {
  if (schema instanceof z.ZodMiniObject) return schema.shape[String(name)];
  if (schema instanceof z.ZodMiniArray) return schema.def.element;
  return schema instanceof z.ZodMiniRecord ? schema.def.valueType : undefined;
}

/** Unwraps the optional and default types around a schema. */
function bare(schema: unknown): unknown {
  const wraps =
    schema instanceof z.ZodMiniOptional ||
    schema instanceof z.ZodMiniDefault ||
    schema instanceof z.ZodMiniPrefault ||
    schema instanceof z.ZodMiniNullable;
  if (schema instanceof z.ZodMiniLazy) return bare(schema.def.getter());
  return wraps ? bare(schema.def.innerType) : schema;
}
