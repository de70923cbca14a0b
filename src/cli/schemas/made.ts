import * as z from "zod/mini";
import { days, duration, globs, size } from "../../config/schema.ts";

/** A JSON Schema, as an object. */
export type JsonSchema = Record<string, unknown>;

/** What zod checks in code, as JSON Schema says it. */
const WRITTEN: readonly (readonly [unknown, JsonSchema])[] = [
  [duration, numberOr("^\\s*\\d+(\\.\\d+)?\\s*[smhd]?\\s*$")],
  [days, numberOr("^\\s*\\d+(\\.\\d+)?\\s*[smhd]$")],
  [size, numberOr("^\\s*\\d+(\\.\\d+)?\\s*[KMGTkmgt]?([iI]?[bB])?\\s*$")],
  [globs, { type: "array", items: { type: "string", pattern: "^[^!]" } }],
];

/** The JSON Schema of what may be written for a schema of zod. `more` says what its checks in code want besides. */
export function made(schema: z.ZodMiniType, more: readonly (readonly [unknown, JsonSchema])[] = []): JsonSchema {
  const written = new Map([...WRITTEN, ...more]);
  return {
    ...z.toJSONSchema(schema, {
      io: "input",
      // The newest that editors understand whole.
      target: "draft-7",
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        const words = written.get(zodSchema);
        if (words && "anyOf" in words) delete jsonSchema.type;
        Object.assign(jsonSchema, words ?? {});
      },
    }),
  };
}

function numberOr(pattern: string): JsonSchema {
  return {
    anyOf: [
      { type: "number", minimum: 0 },
      { type: "string", pattern },
    ],
  };
}
