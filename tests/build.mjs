// Builds dist/: the programs as CommonJS (Node starts it 5 ms sooner than ES modules), the plugin API as an ES module with types.
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build, transform } from "esbuild";
import { pack } from "./pack.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

/** Programs by the name of their file in dist/. */
const PROGRAMS = { p9: "src/main.ts", hook: "src/hook.ts", "plugin-host": "src/plugins-host/child/main.ts" };

/** What the commands that must start fast load: it goes into one file, because every further file costs 0.2 ms. */
const HOT = ["src/main.ts", "src/hook.ts", "src/cli/commands/status/status.ts", "src/cli/program/open-store.ts"];

const STARTED = Object.keys(PROGRAMS).map((name) => `main-${name}.js`);

const common = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // The UMD builds of some packages leave bare requires behind: their ES builds come first.
  mainFields: ["module", "main"],
  // yaml offers its ES modules to browsers only; of CommonJS, a lazy import would see nothing but a default export.
  alias: { yaml: "./node_modules/yaml/browser/dist/index.js" },
  // Has binaries of its own.
  external: ["koffi"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
writeFileSync(join(dist, "package.json"), '{ "type": "commonjs" }\n');
await Promise.all([
  buildPrograms(),
  buildModules(),
  write("tests/man.ts", "man"),
  write("tests/schemas.ts", "schemas"),
]);
const types = spawnSync(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tests/tsconfig.types.json")],
  { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
);
process.exitCode = types.status ?? 1;

/** The public modules share their parts, so that an error class is the same from whichever of them it was imported. */
async function buildModules() {
  const entryPoints = ["mod", "github", "provider", "opencode", "pi"].map((name) => `src/${name}.ts`);
  const names = { outExtension: { ".js": ".mjs" }, chunkNames: "api-[hash]" };
  await build({ ...common, ...names, entryPoints, splitting: true, outdir: "dist" });
}

/** esbuild splits ES modules only, so that is what it makes; then each part becomes CommonJS, and the hot ones one file. */
async function buildPrograms() {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: Object.fromEntries(Object.entries(PROGRAMS).map(([name, source]) => [`main-${name}`, source])),
    splitting: true,
    chunkNames: "[name]-[hash]",
    outdir: "dist",
    write: false,
    metafile: true,
  });
  const parts = await Promise.all(
    outputFiles.map(async ({ path, text }) => ({ name: basename(path), code: await toCommonJs(text) })),
  );
  for (const { name, code } of pack(parts, metafile, HOT, STARTED)) writeFileSync(join(dist, name), code);
  for (const name of Object.keys(PROGRAMS)) {
    const path = join(dist, `${name}.js`);
    writeFileSync(path, `#!/usr/bin/env node\nrequire("./main-${name}.js");\n`);
    chmodSync(path, 0o755);
  }
}

/** Runs a source that writes files into a folder of dist/: what is made of the sources and is no program. */
async function write(source, folder) {
  const scratch = mkdtempSync(join(tmpdir(), "p9-build-"));
  try {
    const outfile = join(scratch, "write.mjs");
    const requires =
      'import { createRequire as requiring } from "node:module"; const require = requiring(import.meta.url);';
    const plain = { minifyWhitespace: false, minifySyntax: false, external: ["koffi", "jq-wasm/inline"] };
    await build({ ...common, ...plain, entryPoints: [source], outfile, banner: { js: requires } });
    await promisify(execFile)(process.execPath, [outfile, join(dist, folder), join(root, "references/config.md")]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function toCommonJs(text) {
  const { code } = await transform(text.replace(/^#!.*\n/, ""), {
    format: "cjs",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    define: { "import.meta.url": "__p9_url" },
  });
  // import() would start Node's whole loader of ES modules for what is CommonJS here; plugins, by contrast, stay imported.
  const required = code.replace(/\bimport\(("\.\/[\w.-]+\.js")\)/g, "Promise.resolve().then(()=>require($1))");
  const url = 'const __p9_url=require("node:url").pathToFileURL(__filename).href;';
  return required.includes("__p9_url") ? `${url}${required}` : required;
}
