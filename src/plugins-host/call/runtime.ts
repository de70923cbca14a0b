import { fileURLToPath } from "node:url";

const bundled = !import.meta.url.endsWith(".ts");
const underDeno = "deno" in process.versions;

/** The command line that starts the process of a plugin module; its arguments follow. */
export function moduleArgv(): readonly string[] {
  const entry = fileURLToPath(new URL(ENTRY, import.meta.url));
  return underDeno ? [process.execPath, "run", ...denoFlags(), entry] : [process.execPath, entry];
}

/** The plugin's own node_modules are used as they are; `@broomva/p9` is this p9 (on Node the process sees to that itself). */
function denoFlags(): readonly string[] {
  const map = encodeURIComponent(JSON.stringify({ imports: { "@broomva/p9": apiUrl() } }));
  return ["-A", "--no-lock", "--node-modules-dir=manual", `--import-map=data:application/json,${map}`];
}

/** URL of the module that plugins import as `@broomva/p9`. */
export function apiUrl(): string {
  return new URL(API, import.meta.url).href;
}

/** Whether this runtime reads TypeScript: Deno, and Node from 22.18 on. */
export function readsTypeScript(): boolean {
  return underDeno || "typescript" in process.features;
}

// Node cannot run p9's own TypeScript in all versions that p9 supports: its tests use what was built.
const built = bundled ? "./" : underDeno ? null : "../../../dist/";
const ENTRY = built ? `${built}plugin-host.js` : "../child/main.ts";
const API = built ? `${built}mod.mjs` : "../../mod.ts";
