import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";

/** Where the program of a command line is, as a shell would find it: null when there is none that may be run. */
export function findProgram(name: string, cwd: string, path: string | undefined): string | null {
  if (name.includes("/")) {
    const full = isAbsolute(name) ? name : resolve(cwd, name);
    return isRunnable(full) ? full : null;
  }
  for (const folder of (path ?? "/usr/bin:/bin").split(":")) {
    const full = join(resolve(cwd, folder || "."), name);
    if (name && isRunnable(full)) return full;
  }
  return null;
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
