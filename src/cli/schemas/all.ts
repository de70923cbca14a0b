import type { SchemaName } from "../../config/schema-address.ts";
import type { JsonSchema } from "./made.ts";
import { configSchema, type Meaning, policySchema } from "./policy.ts";
import { notifySchema, pluginsSchema } from "./user-files.ts";

/** The schema of every file that people write for p9. `manual`: references/config.md, whose tables say what the keys mean. */
export async function allSchemas(manual: string): Promise<Readonly<Record<SchemaName, JsonSchema>>> {
  const meaning = meaningsIn(manual);
  return {
    policy: policySchema(meaning),
    config: configSchema(meaning),
    plugins: pluginsSchema(),
    notify: await notifySchema(),
  };
}

/** Reads rows such as `| key | default | meaning |` below the heading of each block. */
function meaningsIn(manual: string): Meaning {
  const meanings = new Map<string, string>();
  for (const part of manual.split(/^## /m)) {
    const [, block] = /^`(\w+)`/.exec(part) ?? [];
    if (block === undefined) continue;
    for (const [, key = "", text = ""] of part.matchAll(/^\| `([\w.]+)(?:\.<\w+>)?` \| .*? \| (.*) \|$/gm))
      meanings.set(`${block}.${key}`, plain(text));
  }
  return (key) => meanings.get(key);
}

/** Markdown without its marks. */
function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("`", "")
    .trim();
}
