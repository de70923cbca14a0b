// Puts those parts of a build that are always loaded together into one file.
import { basename } from "node:path";

/**
 * `parts`: CommonJS files that require each other as `./name`. Those that the sources in `hot` load at once move into `base.js`,
 * each still a module of its own; in their place stands a line that asks base.js for them.
 */
export function pack(parts, metafile, hot) {
  const wanted = new Set();
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (hot.includes(output.entryPoint)) addWithImports(path, metafile, wanted);
  }
  const packed = parts.filter(({ name }) => wanted.has(name));
  const modules = packed.map(({ name, code }) => `${JSON.stringify(`./${name}`)}(module,exports,require){${code}\n}`);
  return [
    ...parts.filter(({ name }) => !wanted.has(name)),
    ...packed.map(({ name }) => ({ name, code: `module.exports=require("./base.js")("./${name}");\n` })),
    { name: "base.js", code: `const parts={${modules.join(",\n")}};\n${LOADER}` },
  ];
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
