// Bundles src/ and plugins/ into dist/: one ES module per entry, shared code in chunks, so that a command loads only what it uses.
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "dist");
rmSync(out, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: { main: "src/main.ts", mod: "src/mod.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // The UMD builds of some packages leave bare requires behind: their ES builds come first.
  mainFields: ["module", "main"],
  external: ["koffi"],
  // CommonJS packages inside an ES bundle still call require().
  banner: {
    js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);',
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
});

writeFileSync(join(out, "p9.js"), '#!/usr/bin/env node\nimport "./main.js";\n');
chmodSync(join(out, "p9.js"), 0o755);
