// Writes the tables of references/scoring-rubric.md anew from the rules: `node_modules/.bin/deno run -A tests/heal/classify/print-rubric.ts`.
import { readFileSync, writeFileSync } from "node:fs";
import { rubricTables } from "./rubric-tables.ts";

const file = new URL("../../../references/scoring-rubric.md", import.meta.url);
const page = readFileSync(file, "utf8");
const intro = page.slice(0, page.indexOf("<!-- tables -->"));
const tables = Object.entries(rubricTables()).map(([heading, table]) => `## ${heading}\n\n${table}`);
writeFileSync(file, `${intro}<!-- tables -->\n\n${tables.join("\n")}`);
