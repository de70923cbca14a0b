// Writes references/plugin-api.md from the doc comments of src/plugin.ts. `--check`: only says whether it is current.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const target = join(root, "references", "plugin-api.md");
const CONTRACT = "src/plugin.ts";

const HEAD = `# The plugin API

<!-- Written by \`node tests/references/plugin-api.mjs\` from the doc comments of src/plugin.ts: do not edit. -->

Everything that a plugin imports from \`@broomva/p9\`. How to write one: [writing-a-plugin.md](writing-a-plugin.md). Programs (\`exec:\`) use the same
objects as JSON: functions are left out, \`undefined\` is an absent field.
`;

/** Declarations of a file: name, doc comment, text; with the section heading that stands before each. */
function declarationsOf(path) {
  const text = readFileSync(join(root, path), "utf8");
  const found = [];
  let section = null;
  const pattern =
    /^\/\/ -+ (?<section>[^\n]*?) -+$|(?<doc>^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^export (?:async )?(?<kind>interface|class|function|const|type) (?<name>\w+)/gm;
  for (const match of text.matchAll(pattern)) {
    const { section: title, doc = "", kind, name } = match.groups;
    if (title) section = title;
    else
      found.push({
        path,
        section,
        kind,
        name,
        doc: docText(doc),
        code: codeFrom(text, match.index + doc.length, kind),
      });
  }
  return found;
}

/** The declaration's text: a function ends with its signature, a class with its fields, the rest is whole. */
function codeFrom(text, at, kind) {
  const rest = text.slice(at);
  if (kind === "const" || kind === "type") return /^[\s\S]*?;$/m.exec(rest)[0];
  if (kind === "function") return signature(rest);
  const whole = rest.slice(0, rest.search(/\{\}$|^\}/m) + 2).trimEnd();
  return kind === "interface"
    ? whole
    : `${whole.split(/\n\n? {2}(?:constructor|async |\w+\()/)[0].replace(/\n\}$/, "")}\n}`;
}

/** Up to the brace that opens the body. */
function signature(text) {
  let depth = 0;
  const lines = [];
  for (const line of text.split("\n")) {
    depth += (line.match(/\(/g)?.length ?? 0) - (line.match(/\)/g)?.length ?? 0);
    lines.push(line);
    if (depth === 0 && line.endsWith("{")) break;
  }
  return `${lines.join("\n").replace(/ \{$/, "")};`;
}

function docText(doc) {
  return doc
    .replace(/^\/\*\*\s?|\s*\*\/\n?$/g, "")
    .replace(/^ ?\* ?/gm, "")
    .replace(/\{@link (\w+)(?:\.\w+)?\}/g, (_, name) => `[\`${name}\`](#${name.toLowerCase()})`)
    .replace(/^@throws \{(\w+)\}/gm, "Throws `$1`")
    .replace(/ ?@throws \{(\w+)\}/g, " Throws `$1`")
    .trim();
}

/** Names that the contract takes over from other files, with the file of each. */
function reExports() {
  const text = readFileSync(join(root, CONTRACT), "utf8");
  return [...text.matchAll(/^export (?:type )?\{([^}]+)\} from "(\.[^"]+)";/gm)].flatMap(([, names, from]) =>
    names
      .split(",")
      .map((name) => ({ name: name.replace(/\btype\b/, "").trim(), path: normalize(join("src", from)) }))
      .filter(({ name }) => name),
  );
}

function entry({ name, doc, code }) {
  return `### ${name}\n\n${doc}${doc ? "\n\n" : ""}\`\`\`ts\n${code.replace(/^export /, "").replace(/\{@link ([\w.]+)\}/g, "$1")}\n\`\`\`\n`;
}

function page() {
  const own = declarationsOf(CONTRACT);
  const sections = [...new Set(own.map(({ section }) => section))];
  const taken = reExports().flatMap(({ name, path }) => declarationsOf(path).filter((one) => one.name === name));
  const outcomes = declarationsOf("src/core/states.ts").filter(({ name }) => name === "OUTCOMES");
  const groups = [
    ...sections.map((section) => [section ?? "General", own.filter((one) => one.section === section)]),
    ["Used by the above", [...taken, ...outcomes]],
  ];
  return `${HEAD}\n${groups.map(([title, list]) => `## ${title}\n\n${list.map(entry).join("\n")}`).join("\n")}`;
}

const wanted = page();
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== wanted) {
    console.error("references/plugin-api.md is not current: run node tests/references/plugin-api.mjs");
    process.exitCode = 1;
  }
} else writeFileSync(target, wanted);
