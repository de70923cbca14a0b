import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { basename, extname, isAbsolute, join, resolve } from "node:path";

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
  const program = isProgram(path) ? path : programIn(path);
  return program === null ? path : `exec:${program}`;
}

/** The program of a folder that is no package: the one that is called like it (`p9 plugin new`), else the only one; null: neither. */
function programIn(folder: string): string | null {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory() || existsSync(join(folder, "package.json")))
    return null;
  const programs = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter(isProgram);
  const named = programs.filter((path) => basename(path, extname(path)) === basename(folder));
  const [program, ...more] = named.length > 0 ? named : programs;
  return program !== undefined && more.length === 0 ? program : null;
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
