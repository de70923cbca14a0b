import { fileURLToPath } from "node:url";

const bundled = !import.meta.url.endsWith(".ts");
const underDeno = "deno" in process.versions;

/** The command line that starts the process of a plugin module; its arguments follow. */
export function moduleArgv(): readonly string[] {
  const entry = fileURLToPath(new URL(ENTRY, import.meta.url));
  return underDeno ? [process.execPath, "run", ...denoFlags(), entry] : [process.execPath, entry];
}

/** Flags for Deno: use the plugin's own node_modules, and map `@broomva/p9` to this p9 (on Node the process does that itself). */
function denoFlags(): readonly string[] {
  const map = encodeURIComponent(JSON.stringify({ imports: publicModules() }));
  return ["-A", "--no-lock", "--node-modules-dir=manual", `--import-map=data:application/json,${map}`];
}

/** URLs of this p9's public modules by the names under which plugins import them. */
export function publicModules(): Readonly<Record<string, string>> {
  const url = (name: string) => new URL(`${MODULES}${name}${built ? ".mjs" : ".ts"}`, import.meta.url).href;
  return { "@broomva/p9": url("mod"), "@broomva/p9/github": url("github"), "@broomva/p9/provider": url("provider") };
}

/** Whether this runtime reads TypeScript: Deno, and Node from 22.18 on. */
export function readsTypeScript(): boolean {
  return underDeno || "typescript" in process.features;
}

// Node cannot run p9's own TypeScript in all versions that p9 supports: its tests use what was built.
const built = bundled ? "./" : underDeno ? null : "../../../dist/";
const ENTRY = built ? `${built}plugin-host.js` : "../child/main.ts";
const MODULES = built ?? "../../";
