/** Writes the JSON Schemas into the folder of its argument; run by the build, in which it is bundled for Node. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allSchemas } from "../src/cli/schemas/all.ts";

const [folder = "", manual = ""] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(await allSchemas(readFileSync(manual, "utf8"))))
  writeFileSync(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
