import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Node's options for a process that lives for hours and mostly waits: a small young generation, and no optimizing compiler. They
 * spare some 4 MB of each driver (tests/bench/memory.ts).
 */
const LEAN = ["--max-semi-space-size=1", "--no-opt"];

/**
 * The command line that starts this p9 again: the bundle on Node, the source on Deno. Uses no shell and no PATH, where another p9
 * may be.
 */
export function selfArgv(args: readonly string[]): readonly string[] {
  if (!("Deno" in globalThis)) return [process.execPath, ...LEAN, programFile(), ...args];
  if (!isSource()) return [process.execPath, programFile(), ...args];
  return [process.execPath, "run", "-A", "--quiet", fileURLToPath(new URL("../main.ts", import.meta.url)), ...args];
}

/** `dist/p9.js` of this installation. */
export function programFile(): string {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  if (isSource()) return at("../../dist/p9.js");
  return existsSync(at("./p9.js")) ? at("./p9.js") : at("../p9.js");
}

function isSource(): boolean {
  return import.meta.url.endsWith(".ts");
}
