import { existsSync } from "node:fs";
import { join } from "node:path";
import { outsidePattern, readSmallFile } from "../../../src/plugin.ts";
import type { Provider } from "../../../src/provider.ts";

/** A provider that the repository's files speak of: it may deploy it, it need not. */
export interface Hint {
  readonly name: string;
  /** The file that says so. */
  readonly file: string;
  readonly branches: "all" | "default";
}

/** What each of these providers' files say, in a folder. Only the file system is asked. */
export function hintsIn(folder: string, providers: readonly Provider[]): Hint[] {
  return providers.flatMap(({ name, detect }) => {
    const file = detect?.files.find((one) => existsSync(join(folder, one)) && holds(join(folder, one), detect.content));
    return detect && file ? [{ name, file, branches: detect.branches }] : [];
  });
}

function holds(path: string, content: string | undefined): boolean {
  if (content === undefined) return true;
  try {
    return outsidePattern(content).test(readSmallFile(path));
  } catch {
    return false;
  }
}
