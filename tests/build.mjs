// Builds dist/: the programs as CommonJS (Node starts it 3 ms sooner than ES modules), the plugin API as an ES module with types.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

/** Programs by the name of their file in dist/. */
const PROGRAMS = { p9: "src/main.ts", hook: "src/hook.ts", "plugin-host": "src/plugins-host/child/main.ts" };

/** Packages that only some commands need: each in a file of its own, read when such a command runs. */
const LIBRARIES = ["yaml", "zod/mini", "jsonc-parser", "dax", "@bomb.sh/tab"];

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  // The UMD builds of some packages leave bare requires behind: their ES builds come first.
  mainFields: ["module", "main"],
  // Has binaries of its own.
  external: ["koffi"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
};
const commonJs = {
  ...common,
  format: "cjs",
  define: { "import.meta.url": "__p9_url" },
  banner: { js: 'const __p9_url=require("node:url").pathToFileURL(__filename).href;' },
};

const fileOf = (name) => `lib/${name.replace(/[^a-z0-9]+/gi, "-").replace(/^-/, "")}.js`;

/** Points the imports of a package to its file. */
const libraries = {
  name: "libraries",
  setup({ onResolve }) {
    for (const name of LIBRARIES) {
      const exact = new RegExp(`^${name.replaceAll("/", "\\/").replaceAll(".", "\\.")}$`);
      onResolve({ filter: exact }, ({ kind }) =>
        kind === "entry-point" ? null : { path: `./${fileOf(name)}`, external: true },
      );
    }
  },
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
writeFileSync(join(dist, "package.json"), '{ "type": "commonjs" }\n');
await Promise.all([
  build({ ...commonJs, entryPoints: PROGRAMS, outdir: "dist", plugins: [libraries] }),
  ...LIBRARIES.map((name) => build({ ...commonJs, entryPoints: [name], outfile: `dist/${fileOf(name)}` })),
  build({ ...common, format: "esm", entryPoints: ["src/mod.ts"], outfile: "dist/mod.mjs" }),
]);
for (const name of Object.keys(PROGRAMS)) {
  const path = join(dist, `${name}.js`);
  // import() would start Node's whole loader of ES modules for what is CommonJS here; plugins, by contrast, stay imported.
  const text = readFileSync(path, "utf8").replace(
    /\bimport\(("\.\/lib\/[\w-]+\.js")\)/g,
    "Promise.resolve(require($1))",
  );
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

const types = spawnSync(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tests/tsconfig.types.json")],
  { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
);
process.exitCode = types.status ?? 1;
