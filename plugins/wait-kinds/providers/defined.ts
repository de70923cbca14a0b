import type { JsonObject } from "../../../src/plugin.ts";
import type { Values } from "../../../src/provider.ts";

/** Values without those that are not known: `undefined` is no JSON. */
export function defined(values: Values): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
