import { VERSION } from "../version.ts";

/** The files that have a schema. */
export type SchemaName = "policy" | "config" | "plugins" | "notify";

/**
 * Where an editor finds the schema of a file: in the published package of this major version, which only adds keys. p9 itself never
 * asks for it.
 */
export function schemaAddress(name: SchemaName): string {
  const [major] = VERSION.split(".");
  return `https://unpkg.com/@broomva/p9@${major}/dist/schemas/${name}.schema.json`;
}
