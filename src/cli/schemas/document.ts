import { isObject } from "../../base/json.ts";
import { type SchemaName, schemaAddress } from "../../config/schema-address.ts";
import type { JsonSchema } from "./made.ts";

const TITLES: Readonly<Record<SchemaName, string>> = {
  policy: "The policy of a repository for p9 (.control/policy.yaml)",
  config: "A user's own configuration of p9 (config.yaml)",
  plugins: "The third-party plugins of a user of p9 (plugins.jsonc)",
  notify: "The channels by which p9 tells people (notify.json)",
};

/** A schema with its address and title; a file may name it as `$schema`. */
export function schemaDocument(name: SchemaName, schema: JsonSchema): JsonSchema {
  const { $schema, properties, ...rest } = schema;
  const own = isObject(properties) ? { properties: { $schema: { type: "string" }, ...properties } } : {};
  return { $schema, $id: schemaAddress(name), title: TITLES[name], ...rest, ...own };
}
