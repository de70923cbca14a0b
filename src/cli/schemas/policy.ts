import * as z from "zod/mini";
import { isObject } from "../../base/json.ts";
import { BLOCKS } from "../../config/schema.ts";
import { schemaDocument } from "./document.ts";
import { type JsonSchema, made } from "./made.ts";

/** What a key means, by its path. */
export type Meaning = (key: string) => string | undefined;

/** The schema of `.control/policy.yaml`, which must have both blocks; others in it are not p9's. */
export function policySchema(meaning: Meaning): JsonSchema {
  return schemaDocument("policy", blocks(meaning));
}

/** The schema of `config.yaml`: the same blocks, of which none must be there. */
export function configSchema(meaning: Meaning): JsonSchema {
  const { required: _, properties, ...rest } = blocks(meaning);
  const optional = Object.entries(isObject(properties) ? properties : {}).map(([name, block]) => [
    name,
    { anyOf: [block, { type: "null" }] },
  ]);
  return schemaDocument("config", { ...rest, properties: Object.fromEntries(optional) });
}

function blocks(meaning: Meaning): JsonSchema {
  const schema = made(z.looseObject(BLOCKS));
  describe(schema, "", meaning);
  return schema;
}

/** Puts the meaning of each key beside it. */
function describe(schema: JsonSchema, path: string, meaning: Meaning): void {
  if (!isObject(schema.properties)) return;
  for (const [key, value] of Object.entries(schema.properties)) {
    if (!isObject(value)) continue;
    const below = path === "" ? key : `${path}.${key}`;
    const text = meaning(below);
    if (text !== undefined) value.description = text;
    describe(value, below, meaning);
  }
}
