import * as z from "zod/mini";
import { notifiers } from "../../../plugins/notifiers/registry.ts";
import { duration } from "../../config/schema.ts";
import type { Notifier } from "../../contract/notifier.ts";
import type { OptionSpec } from "../../contract/options.ts";
import { schemaDocument } from "./document.ts";
import { type JsonSchema, made } from "./made.ts";

const options = z.record(z.string(), z.record(z.string(), z.json()));
const plugin = z.union([z.string(), z.looseObject({ use: z.string(), options: z.optional(options) })]);
const pluginsFile = z.union([z.looseObject({ plugins: z.optional(z.array(plugin)) }), z.array(plugin)]);

const words = z.optional(z.union([z.string(), z.array(z.string())]));
/** What every channel understands. */
const channel = z.looseObject({
  type: z.string().check(z.minLength(1)),
  name: z.optional(z.string()),
  timeout: z.optional(duration),
  kinds: words,
  severity: z.optional(z.enum(["info", "warning", "error"])),
  repos: words,
  wait_kinds: words,
  min_duration: z.optional(duration),
});
const notifyFile = z.looseObject({ channels: z.array(channel) });

/** The schema of `plugins.jsonc`. */
export function pluginsSchema(): JsonSchema {
  return schemaDocument("plugins", made(pluginsFile));
}

/** The schema of `notify.json`, with the options of the built-in channels. */
export async function notifySchema(): Promise<JsonSchema> {
  const allOf: JsonSchema[] = [];
  for (const [type, load] of Object.entries<() => Promise<Notifier>>(notifiers)) {
    const { options: specs = {} } = await load();
    const properties = Object.entries(specs).map(([name, spec]) => [name.replaceAll("-", "_"), optionSchema(spec)]);
    const required = Object.entries(specs).flatMap(([name, spec]) =>
      spec.required ? [name.replaceAll("-", "_")] : [],
    );
    allOf.push({
      if: { properties: { type: { const: type } } },
      // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema.
      then: { properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}) },
    });
  }
  return schemaDocument("notify", made(notifyFile, [[channel, { allOf }]]));
}

/** How an option of a channel may be written. */
function optionSchema({ type, description, choices }: OptionSpec): JsonSchema {
  const text = { type: "string" };
  const forms: Record<OptionSpec["type"], JsonSchema> = {
    string: choices ? { enum: choices } : text,
    number: { type: ["number", "string"] },
    boolean: { type: "boolean" },
    duration: { type: ["number", "string"] },
    // Headers are also written as a map.
    strings: { anyOf: [text, { type: "array", items: text }, { type: "object", additionalProperties: true }] },
  };
  return { description, ...forms[type] };
}
