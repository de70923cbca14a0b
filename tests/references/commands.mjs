// Writes references/commands.md from the help of every command, after a build: `node tests/references/commands.mjs`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const home = mkdtempSync(join(tmpdir(), "p9-docs-"));

function help(...words) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, "dist", "p9.js"), ...words, "--help"], {
    env: { PATH: process.env.PATH, HOME: home, BROOMVA_P9_HOME: join(home, "p9") },
    encoding: "utf8",
    cwd: home,
  });
  if (status !== 0) throw new Error(`p9 ${words.join(" ")} --help failed: ${stderr}`);
  return stdout.trimEnd();
}

/** Names below `Commands:` or the headings of the list, without `help`. */
const namesIn = (text, from) =>
  [...text.slice(text.indexOf(from)).matchAll(/^ {2}([a-z][\w-]*)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== "help");

function section(name) {
  const text = help(name);
  const below = text.includes("\nCommands:\n") ? namesIn(text, "\nCommands:\n") : [];
  const parts = below.length > 0 ? below.map((leaf) => help(name, leaf)) : [text];
  return `## p9 ${name}\n\n${parts.map((part) => `\`\`\`text\n${part}\n\`\`\``).join("\n\n")}\n`;
}

const head = readFileSync(join(here, "commands-head.md"), "utf8");
const names = namesIn(help(), "\nWatching:");
writeFileSync(join(root, "references", "commands.md"), `${head}\n${names.map(section).join("\n")}`);
rmSync(home, { recursive: true, force: true });
