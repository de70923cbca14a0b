// Writes references/commands.md from the help of every command, after a build. `--check`: only says whether it is current.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const home = mkdtempSync(join(tmpdir(), "p9-docs-"));

async function help(...words) {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, "dist", "p9.js"), ...words, "--help"], {
    env: { PATH: process.env.PATH, HOME: home, BROOMVA_P9_HOME: join(home, "p9") },
    cwd: home,
  });
  return stdout.trimEnd();
}

/** Names below `Commands:` or the headings of the list, without `help`. */
const namesIn = (text, from) =>
  [...text.slice(text.indexOf(from)).matchAll(/^ {2}([a-z][\w-]*)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== "help");

/** The part of a help that lists the commands below, with what stands before it. */
const commandsOf = (text) => text.slice(0, text.indexOf("\n\n", text.indexOf("\nCommands:\n") + 1));

async function section(name) {
  const text = await help(name);
  const below = text.includes("\nCommands:\n") ? namesIn(commandsOf(text), "\nCommands:\n") : [];
  const parts = below.length > 0 ? await inTurn(below, (leaf) => help(name, leaf)) : [text];
  return `## p9 ${name}\n\n${parts.map((part) => `\`\`\`text\n${part}\n\`\`\``).join("\n\n")}\n`;
}

/** What `work` gives for each value: four at once, which keeps two cores busy. */
async function inTurn(values, work) {
  const results = [];
  for (let at = 0; at < values.length; at += 4)
    results.push(...(await Promise.all(values.slice(at, at + 4).map(work))));
  return results;
}

try {
  const head = readFileSync(join(here, "commands-head.md"), "utf8");
  const names = namesIn(await help(), "\nWatching:");
  const text = `${head}\n${(await inTurn(names, section)).join("\n")}`;
  const page = "references/commands.md";
  if (!process.argv.includes("--check")) writeFileSync(join(root, page), text);
  else if (readFileSync(join(root, page), "utf8") !== text) {
    console.error(`${page} is not current: run node tests/build.mjs && node tests/references/commands.mjs`);
    process.exitCode = 1;
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
