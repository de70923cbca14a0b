import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Node's options for a process that lives for hours and mostly waits: a small young generation, and no optimizing compiler. They
 * spare some 4 MB of each driver (tests/bench/memory.ts).
 */
const LEAN = ["--max-semi-space-size=1", "--no-opt"];

/**
 * The command line that starts this very p9 again: the bundle on Node, the source on Deno. Never a shell, never PATH: another
 * p9 may stand there.
 */
export function selfArgv(args: readonly string[]): readonly string[] {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith(".ts")) {
    if ("Deno" in globalThis)
      return [process.execPath, "run", "-A", "--quiet", fileURLToPath(new URL("../main.ts", import.meta.url)), ...args];
    return [process.execPath, ...LEAN, fileURLToPath(new URL("../../dist/p9.js", import.meta.url)), ...args];
  }
  const beside = fileURLToPath(new URL("./p9.js", import.meta.url));
  const above = fileURLToPath(new URL("../p9.js", import.meta.url));
  const lean = "Deno" in globalThis ? [] : LEAN;
  return [process.execPath, ...lean, existsSync(beside) ? beside : above, ...args];
}
