import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";

/**
 * A plugin as typed on a command line, in the form of the configuration: paths become absolute, and an executable that is no
 * module becomes `exec:`.
 */
export function readSpec(typed: string, cwd: string): string {
  if (typed.startsWith("npm:")) return typed;
  if (typed.startsWith("exec:")) {
    const program = typed.slice(5);
    return program.includes("/") && !isAbsolute(program) ? `exec:${resolve(cwd, program)}` : typed;
  }
  const path = resolve(cwd, typed);
  return isProgram(path) ? `exec:${path}` : path;
}

function isProgram(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile() || /\.[cm]?[jt]s$/.test(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
