import { lstatSync, readFileSync, realpathSync } from "node:fs";

/** A line of the kernel's table of sockets with the path that one is bound to. */
const WITH_PATH = /^[0-9a-f]+: \w+ \w+ \w+ \w+ \w+ +\d+ (\/.+)$/gim;

/**
 * The sockets of running programs that lie where a confined command would see them. A folder that is only to read does not protect
 * them: whoever sees a socket can talk to the program behind it.
 */
export function socketsIn(isHidden: (path: string) => boolean): readonly string[] {
  const found = [...table().matchAll(WITH_PATH)].flatMap(([, path = ""]) => realSocket(path));
  return [...new Set(found)].filter((path) => !isHidden(path));
}

function table(): string {
  try {
    return readFileSync("/proc/net/unix", "utf8");
  } catch {
    return "";
  }
}

function realSocket(path: string): string[] {
  try {
    const real = realpathSync(path);
    return lstatSync(real).isSocket() ? [real] : [];
  } catch {
    return [];
  }
}
