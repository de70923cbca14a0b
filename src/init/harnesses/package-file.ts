import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Finder } from "../wiring.ts";
import { OWN_MARK } from "./client.ts";

/**
 * A module for a client whose plugins are code in its own process: it hands over to what `dist/<file>` exports, by default or as `P9`, of the p9 on PATH, else of the one
 * that wrote it. Where neither is there any more it does nothing.
 */
export function packageFile(file: string, finder: Finder): string {
  const own = finder === "path" ? [] : [pathToFileURL(join(dirname(finder.program), file)).href];
  return `// ${OWN_MARK}: p9 in this client. The p9 on PATH comes first.
import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";

const onPath = (process.env.PATH ?? "")
  .split(":")
  .filter((folder) => isAbsolute(folder) && !folder.includes("/node_modules/.bin") && !folder.startsWith(process.cwd() + "/"))
  .map((folder) => join(folder, "p9"))
  .filter((program) => existsSync(program))
  .map((program) => pathToFileURL(join(dirname(realpathSync(program)), ${JSON.stringify(file)})).href);

export default async (...given) => {
  for (const address of [...onPath.slice(0, 1), ...${JSON.stringify(own)}]) {
    const found = await import(address).catch(() => null);
    const start = found?.default ?? found?.P9;
    if (typeof start === "function") return start(...given);
  }
  return {};
};
`;
}
