// Writes the reference of each public module from its doc comments. `--check`: only says what is not current.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The public modules: what stands on top of each page, and the headings by the file that a name comes from. */
const PAGES = [
  {
    module: "src/plugin.ts",
    page: "references/plugin-api.md",
    title: "The plugin API",
    intro: `Everything that a plugin imports from \`@broomva/p9\`. How to write one: [writing-a-plugin.md](writing-a-plugin.md). Programs (\`exec:\`) use the same
objects as JSON: functions are left out, \`undefined\` is an absent field. GitHub's part is [github-api.md](github-api.md), services
described as data are [provider-api.md](provider-api.md).`,
    headings: [
      ["src/contract/wait-kind.ts", "Wait kinds"],
      ["src/contract/queue-source.ts", "Queue sources"],
      ["src/contract/notifier.ts", "Notifiers"],
      ["src/contract/options.ts", "Options"],
      ["src/contract/context.ts", "What every plugin gets"],
      ["src/contract/errors.ts", "Errors a plugin throws"],
      ["src/contract/define.ts", "Definitions"],
    ],
  },
  {
    module: "src/github.ts",
    page: "references/github-api.md",
    title: "The GitHub API for plugins",
    intro: `What a plugin imports from \`@broomva/p9/github\`: questions to GitHub through the user's \`gh\`, and what its answers about checks and
rules mean. The rest of the contract is [plugin-api.md](plugin-api.md).`,
    headings: [],
  },
  {
    module: "src/provider.ts",
    page: "references/provider-api.md",
    title: "The provider API",
    intro: `What a plugin imports from \`@broomva/p9/provider\`: services described as data ([providers.md](providers.md)), and the reader of such
descriptions. The rest of the contract is [plugin-api.md](plugin-api.md).`,
    headings: [],
  },
];

/** Declarations of a file: name, doc comment, text. */
function declarationsOf(path) {
  const text = readFileSync(join(root, path), "utf8");
  const pattern =
    /(?<doc>^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^export (?:async )?(?<kind>interface|class|function|const|type) (?<name>\w+)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const { doc = "", kind, name } = match.groups;
    return { path, name, doc: docText(doc), code: codeFrom(text, match.index + doc.length, kind) };
  });
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

/** Names that a public module exports, with the file of each. */
function exportsOf(module) {
  const text = readFileSync(join(root, module), "utf8");
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

function textOf({ module, title, intro, headings }) {
  const named = exportsOf(module);
  const all = [...new Set(named.map(({ path }) => path))].flatMap((path) => {
    const wanted = new Set(named.filter((one) => one.path === path).map(({ name }) => name));
    return declarationsOf(path).filter(({ name }) => wanted.has(name));
  });
  const missing = named.filter(({ name }) => !all.some((one) => one.name === name)).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`Cannot find what ${module} exports: ${missing.join(", ")}`);
  // A kind reads an outcome's name; what each means stands in a table.
  const outcomes =
    module === "src/plugin.ts" ? declarationsOf("src/core/states.ts").filter(({ name }) => name === "OUTCOMES") : [];
  const headed = new Set(headings.map(([path]) => path));
  const rest = [...all.filter(({ path }) => !headed.has(path)), ...outcomes];
  const groups = [
    ...headings.map(([path, heading]) => [heading, all.filter((one) => one.path === path)]),
    [headings.length > 0 ? "Used by the above" : "Exports", rest],
  ];
  const note = `<!-- Written by \`node tests/references/plugin-api.mjs\` from the doc comments of ${module}: do not edit. -->`;
  const body = groups.map(([heading, list]) => `## ${heading}\n\n${list.map(entry).join("\n")}`).join("\n");
  // What no plugin can import stands on no page.
  const shown = new Set([...all, ...outcomes].map(({ name }) => name));
  const linked = body.replace(/\[(`(\w+)`)\]\(#\w+\)/g, (link, code, name) => (shown.has(name) ? link : code));
  return `# ${title}\n\n${note}\n\n${intro}\n\n${linked}`;
}

for (const one of PAGES) {
  const file = join(root, one.page);
  const wanted = textOf(one);
  if (!process.argv.includes("--check")) writeFileSync(file, wanted);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== wanted) {
    console.error(`${one.page} is not current: run node tests/references/plugin-api.mjs`);
    process.exitCode = 1;
  }
}
