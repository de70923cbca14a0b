// Puts those parts of a build that are always loaded together into one file.
import { basename } from "node:path";

/** The helpers that esbuild writes at the head of each CommonJS file. */
const HELPERS = /^var __[\s\S]*?__toCommonJS=mod=>[^;]*;/;

/**
 * `parts`: CommonJS files that require each other as `./name`. Those that the sources in `hot` load at once move into `base.js`,
 * each still a module of its own, with one copy of esbuild's helpers for all that load it. `programs`: the files that stay to be started or
 * required from outside; of the other moved ones nothing stays, because the parts ask base.js for them.
 */
export function pack(parts, metafile, hot, programs) {
  const wanted = new Set();
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (hot.includes(output.entryPoint)) addWithImports(path, metafile, wanted);
  }
  const empty = new Set(parts.filter(({ code }) => code === "").map(({ name }) => name));
  const full = parts.filter(({ name }) => !empty.has(name)).map((part) => withoutEmpty(part, empty));
  const packed = full.filter(({ name }) => wanted.has(name));
  const helpers = packed.map(helpersOf).reduce((a, b) => (b.length > a.length ? b : a), "");
  return [
    ...full.filter(({ name }) => !wanted.has(name)).map((part) => withoutHelpers(askingBase(part, wanted), helpers)),
    ...packed.filter(({ name }) => programs.includes(name)).map(({ name }) => ({ name, code: `${fromBase(name)};\n` })),
    { name: "base.js", code: baseOf(packed, helpers) },
  ];
}

function helpersOf({ code }) {
  return HELPERS.exec(code)?.[0] ?? "";
}

function namesIn(helpers) {
  return [...helpers.matchAll(/(?:var |,)(__\w+)=/g)].map(([, name]) => name);
}

/** What loads base.js anyway takes the helpers from it. */
function withoutHelpers({ name, code }, shared) {
  const own = helpersOf({ code });
  const names = namesIn(own);
  const isShared = code.includes('require("./base.js")') && names.every((each) => namesIn(shared).includes(each));
  if (own === "" || !isShared) return { name, code };
  const used = names.filter((each) => code.slice(own.length).includes(each) || each === "__toCommonJS");
  return { name, code: `var {${used.join(",")}}=require("./base.js").helpers;${code.slice(own.length)}` };
}

function baseOf(packed, helpers) {
  const modules = packed.map(
    ({ name, code }) => `${JSON.stringify(`./${name}`)}(module,exports,require){${code.replace(HELPERS, "")}\n}`,
  );
  return `${helpers}\nconst parts={${modules.join(",\n")}};\n${LOADER}load.helpers={${namesIn(helpers).join(",")}};\n`;
}

function withoutEmpty({ name, code }, empty) {
  return {
    name,
    code: code.replace(/\brequire\("\.\/([\w.-]+\.js)"\)/g, (text, part) => (empty.has(part) ? "0" : text)),
  };
}

/** A file in between costs each start 0.2 ms. */
function askingBase({ name, code }, wanted) {
  const asked = (text, part) => (wanted.has(part) ? fromBase(part) : text);
  return { name, code: code.replace(/\brequire\("\.\/([\w.-]+\.js)"\)/g, asked) };
}

function fromBase(name) {
  return `require("./base.js")("./${name}")`;
}

const LOADER = `const loaded=Object.create(null);
function load(name){
  if(!Object.hasOwn(parts,name))return require(name);
  let module=loaded[name];
  if(!module){module=loaded[name]={exports:{}};parts[name](module,module.exports,load)}
  return module.exports;
}
module.exports=load;
`;

function addWithImports(path, metafile, wanted) {
  if (wanted.has(basename(path))) return;
  wanted.add(basename(path));
  for (const { path: imported, kind } of metafile.outputs[path]?.imports ?? []) {
    if (kind === "import-statement" && metafile.outputs[imported]) addWithImports(imported, metafile, wanted);
  }
}
