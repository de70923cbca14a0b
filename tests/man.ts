/** Writes the manual into the folder of its argument; run by the build, in which it is bundled for Node. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manPages } from "../src/cli/help/man.ts";
import { COMMANDS } from "../src/cli/program/table.ts";

const [folder = ""] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const { file, text } of await manPages(COMMANDS)) writeFileSync(join(folder, file), text);
